package io.tailrace.workers;

import io.micronaut.context.annotation.Factory;
import io.tailrace.kit.job.config.WorkersGroup;
import io.tailrace.kit.job.runtime.WorkersSettings;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** Puts the processes of this service into the group of workers that the settings name. */
@Factory
final class PlatformGroup {
    @Singleton
    @Named("platform")
    WorkersGroup platformGroup(WorkersSettings settings) {
        return new WorkersGroup(settings.group());
    }
}
