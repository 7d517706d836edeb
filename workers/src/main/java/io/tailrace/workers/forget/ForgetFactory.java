package io.tailrace.workers.forget;

import io.micronaut.context.annotation.Factory;
import io.tailrace.kit.file.FileStoreSettings;
import io.tailrace.kit.file.FileStores;
import io.tailrace.kit.job.SystemSchedule;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** When what is cleaned up by jobs. */
@Factory
final class ForgetFactory {
    /** In the quietest hour of most installations, and not at its beginning with everybody else's. */
    @Singleton
    @Named("forget-sessions")
    SystemSchedule forgetSessions() {
        return new SystemSchedule("forget-sessions", "23 3 * * *", ForgetHandler.TYPE, "{\"what\":\"sessions\"}");
    }

    /** After the other. */
    @Singleton
    @Named("forget-uploads")
    SystemSchedule forgetUploads() {
        return new SystemSchedule("forget-uploads", "37 3 * * *", ForgetHandler.TYPE, "{\"what\":\"uploads\"}");
    }

    @Singleton
    ForgottenFiles forgottenFiles(
            FileStores stores, UploadFacts facts, CopiedUploads copies, FileStoreSettings settings) {
        return new ForgottenFiles(stores, facts, copies, settings, InstantSource.system());
    }
}
