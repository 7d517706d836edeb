package io.tailrace.kit.config;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.tailrace.contracts.access.AccessRules;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobTypes;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/**
 * Reads the files that all services share: {@code TAILRACE_NAMESPACES_FILE}, {@code TAILRACE_QUEUES_FILE} and {@code
 * TAILRACE_JOB_TYPES_FILE}, or what ships with Tailrace.
 */
@Factory
final class NamespacesFactory {
    @Singleton
    @Bean
    Namespaces namespaces(@Value("${tailrace.namespaces-file:}") String file) {
        return file.isBlank() ? Namespaces.builtIn() : Namespaces.load(Path.of(file));
    }

    @Singleton
    @Bean
    JobQueues jobQueues(@Value("${tailrace.queues-file:}") String file) {
        return file.isBlank() ? JobQueues.builtIn() : JobQueues.load(Path.of(file));
    }

    @Singleton
    @Bean
    JobTypes jobTypes(@Value("${tailrace.job-types-file:}") String file, JobQueues queues) {
        return (file.isBlank() ? JobTypes.builtIn() : JobTypes.builtInAnd(Path.of(file))).in(queues);
    }

    @Singleton
    @Bean
    AccessRules accessRules(Namespaces namespaces) {
        return new AccessRules(namespaces);
    }
}
