package io.tailrace.workers.extract;

import io.micronaut.configuration.kafka.annotation.KafkaClient;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.kit.broker.ProducerConfiguration;
import io.tailrace.kit.extract.ExtractJob;
import io.tailrace.kit.file.FileStores;
import io.tailrace.kit.job.JobHandler;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.apache.kafka.clients.producer.Producer;

/** Makes the handler of texts. */
@Factory
final class ExtractFactory {
    private static final String PRODUCER = "workers-extract";

    @Singleton
    @Named(PRODUCER)
    ProducerConfiguration extractProducer(Environment environment, KafkaSettings kafka, ExtractSettings settings) {
        return new ProducerConfiguration(environment, kafka, PRODUCER, settings.logTimeout());
    }

    @Singleton
    JobHandler<ExtractJob> extraction(
            ExtractSettings settings,
            FileStores stores,
            @KafkaClient(PRODUCER) Producer<byte[], byte[]> producer,
            Namespaces namespaces) {
        return new ExtractHandler(
                settings,
                stores,
                new Extractor(settings),
                new ExtractEvents(producer, namespaces, InstantSource.system()));
    }
}
