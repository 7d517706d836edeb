package io.tailrace.workers.bridge;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micronaut.configuration.kafka.annotation.KafkaClient;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import io.micronaut.jdbc.DataSourceResolver;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.kit.broker.ProducerConfiguration;
import io.tailrace.kit.grpc.InstallationHeader;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.series.SeriesSettings;
import io.tailrace.workers.WorkersPool;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** Puts the bridges of this process together with the log. */
@Factory
final class BridgeFactory {
    private static final String PRODUCER = "bridges";

    @Singleton
    @Named(PRODUCER)
    ProducerConfiguration bridgesProducer(Environment environment, KafkaSettings kafka, BridgeSettings settings) {
        return new ProducerConfiguration(environment, kafka, PRODUCER, settings.appendTimeout());
    }

    @Singleton
    RunningBridges runningBridges(MeterRegistry registry) {
        RunningBridges running = new RunningBridges();
        for (SourceLink.State state : SourceLink.State.values()) {
            registry.gauge(
                    "tailrace.bridge.metrics",
                    Tags.of("state", state.label()),
                    running,
                    bridges -> bridges.count(state));
        }
        return running;
    }

    @Singleton
    BridgeTable bridgeTable(@Named(WorkersPool.BRIDGES) DataSource pool, @Nullable DataSourceResolver resolver) {
        return new BridgeTable(WorkersPool.plain(pool, resolver));
    }

    @Singleton
    BridgeHandler bridgeHandler(
            BridgeSettings settings,
            BridgeTable table,
            InstallationHeader installation,
            @KafkaClient(PRODUCER) Producer<byte[], byte[]> producer,
            Namespaces namespaces,
            SeriesSettings series,
            MeterRegistry registry,
            RunningBridges running) {
        InstantSource clock = InstantSource.system();
        return new BridgeHandler(
                new BridgeRun.Collaborators(
                        new SourceChannels(settings, installation),
                        table,
                        new BridgeLog(
                                producer, namespaces, series.all(), series.grace(), settings.appendTimeout(), clock),
                        new BridgeMeters(registry),
                        settings,
                        clock),
                running);
    }

    @Singleton
    @Named("bridges")
    HealthIndicator bridgesHealth(RunningBridges running) {
        return new BridgesHealth(running);
    }
}
