package io.tailrace.kit.config;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.tailrace.contracts.access.AccessRules;
import io.tailrace.contracts.channel.Namespaces;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/** Reads the one namespace file: {@code TAILRACE_NAMESPACES_FILE}, or what ships with Tailrace. */
@Factory
final class NamespacesFactory {
    @Singleton
    @Bean
    Namespaces namespaces(@Value("${tailrace.namespaces-file:}") String file) {
        return file.isBlank() ? Namespaces.builtIn() : Namespaces.load(Path.of(file));
    }

    @Singleton
    @Bean
    AccessRules accessRules(Namespaces namespaces) {
        return new AccessRules(namespaces);
    }
}
