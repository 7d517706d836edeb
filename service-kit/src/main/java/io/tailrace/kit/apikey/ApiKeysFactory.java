package io.tailrace.kit.apikey;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.tailrace.kit.consume.LoopHealth;
import jakarta.inject.Singleton;
import java.util.List;

/** Shows in {@code /health} how the reading of keys is. */
@Factory
final class ApiKeysFactory {
    @Singleton
    @Bean
    @Requires(beans = ApiKeys.class)
    HealthIndicator apiKeysHealth(ApiKeys keys) {
        return new LoopHealth("api-keys", List.of(keys.loop()));
    }
}
