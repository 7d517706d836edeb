package io.tailrace.exporter;

import io.micronaut.context.annotation.Factory;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.exporter.bigquery.BigQueryClients;
import io.tailrace.exporter.bigquery.BigQuerySettings;
import io.tailrace.exporter.export.LogRanges;
import io.tailrace.exporter.export.Sources;
import io.tailrace.kit.job.config.WorkersGroup;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

/** Puts the exports together with the log, and this process into the group of workers that runs them. */
@Factory
final class ExporterFactory {
    @Singleton
    @Named("exporter")
    WorkersGroup exporterGroup() {
        return new WorkersGroup("exporter");
    }

    @Singleton
    Sources sources(Namespaces namespaces) {
        return new Sources(namespaces);
    }

    @Singleton
    BigQueryClients bigQueryClients(BigQuerySettings settings) {
        return new BigQueryClients(settings);
    }

    @Singleton
    LogRanges logRanges(KafkaSettings kafka) {
        return new LogRanges(kafka);
    }
}
