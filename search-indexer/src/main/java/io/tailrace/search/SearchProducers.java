package io.tailrace.search;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.env.Environment;
import io.tailrace.kit.broker.ProducerConfiguration;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** The settings of this service's producers. They are apart because each has a wait of its own. */
@Factory
final class SearchProducers {
    static final String DEAD_LETTERS = "search-dead-letters";
    static final String AUDIT = "search-audit";
    static final String NOTICES = "search-notices";

    @Singleton
    @Primary
    @Named(DEAD_LETTERS)
    ProducerConfiguration searchDeadLetters(Environment environment, KafkaSettings kafka, SearchSettings settings) {
        return new ProducerConfiguration(environment, kafka, DEAD_LETTERS, settings.deadLetterTimeout());
    }

    @Singleton
    @Primary
    @Named(AUDIT)
    ProducerConfiguration searchAudit(Environment environment, KafkaSettings kafka, SearchSettings settings) {
        return new ProducerConfiguration(environment, kafka, AUDIT, settings.auditTimeout());
    }

    @Singleton
    @Primary
    @Named(NOTICES)
    ProducerConfiguration searchNotices(Environment environment, KafkaSettings kafka, SearchSettings settings) {
        return new ProducerConfiguration(environment, kafka, NOTICES, settings.brokerTimeout());
    }
}
