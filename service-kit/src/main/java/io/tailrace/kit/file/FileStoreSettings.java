package io.tailrace.kit.file;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * Where files are kept. Immutable.
 *
 * @param folder a folder that lasts, the same for all processes of ingest-api and workers; {@code up} uses one in its data folder. Empty:
 *     there is none, and uploads are answered 503
 * @param unfinishedFor how long a file is kept that is not whole, from its beginning, at least an hour; and a file without a fact in the log
 */
@ConfigurationProperties("tailrace.files")
public record FileStoreSettings(
        @Bindable(defaultValue = "") String folder, @Bindable(defaultValue = "24h") Duration unfinishedFor) {
    private static final Duration SHORTEST = Duration.ofHours(1);

    /** Checks the range: a file that is being stored has no fact yet. */
    public FileStoreSettings {
        if (unfinishedFor.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "tailrace.files.unfinished-for: " + unfinishedFor + ", expected at least " + SHORTEST);
        }
    }
}
