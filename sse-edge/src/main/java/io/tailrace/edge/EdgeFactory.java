package io.tailrace.edge;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.edge.control.ControlTopic;
import io.tailrace.edge.history.History;
import io.tailrace.edge.log.DeliverySpans;
import io.tailrace.edge.log.EpochEnds;
import io.tailrace.edge.log.KafkaEpochEnds;
import io.tailrace.edge.log.KafkaLogFacts;
import io.tailrace.edge.log.RecordFrames;
import io.tailrace.edge.log.Tailer;
import io.tailrace.edge.replay.LastLocator;
import io.tailrace.edge.replay.ReplayRangeReader;
import io.tailrace.edge.replay.ReplayReader;
import io.tailrace.edge.replay.plan.ChunkCache;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.LoopHealth;
import io.tailrace.kit.kafka.ClientOnDemand;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.trace.Tracing;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Makes the parts that touch Kafka, with their consumers, and starts their threads. */
@Factory
final class EdgeFactory {
    /** A replay's consumer is polled only while it reads, and must not wait for a fetch of another partition. */
    private static final Duration REPLAY_FETCH_WAIT = Duration.ofMillis(10);

    private static final int POLL_RECORDS = 10_000;

    @Singleton
    RecordFrames recordFrames(Namespaces namespaces) {
        return new RecordFrames(namespaces);
    }

    @Singleton
    @Bean(preDestroy = "close")
    KafkaLogFacts logFacts(KafkaSettings kafka, RecordFrames frames, EdgeSettings.Tail settings) {
        ClientOnDemand<Admin> admin = new ClientOnDemand<>(Admin.class, () -> Admin.create(kafka.admin("edge-facts")));
        return new KafkaLogFacts(admin.client(), frames, settings.requestTimeout());
    }

    @Singleton
    @Bean(preDestroy = "close")
    KafkaEpochEnds epochEnds(
            KafkaSettings kafka, KafkaLogFacts facts, RecordFrames frames, EdgeSettings.Tail settings) {
        KafkaEpochEnds ends =
                new KafkaEpochEnds(() -> new KafkaConsumer<>(kafka.consumer("edge-epochs")), facts, frames, settings);
        ends.start();
        return ends;
    }

    @Context
    @Bean(preDestroy = "close")
    Tailer tailer(
            KafkaSettings kafka,
            KafkaLogFacts facts,
            EpochEnds ends,
            RecordFrames frames,
            EdgeSettings.Tail settings,
            Tracing tracing) {
        Tailer tailer = new Tailer(
                new ClientOnDemand<>(
                        Consumer.class,
                        () -> consumer(kafka, "edge-tailer", settings.fetchWait(), settings.fetchBytes())),
                facts,
                ends,
                frames,
                settings,
                DeliverySpans.of(tracing));
        tailer.start();
        return tailer;
    }

    @Context
    @Bean(preDestroy = "close")
    ReplayReader replayReader(
            KafkaSettings kafka,
            RecordFrames frames,
            Tailer tailer,
            EdgeSettings.Replay settings,
            EdgeSettings.Tail tail) {
        // Two consumers of one name would hide each other's metrics.
        AtomicInteger readers = new AtomicInteger();
        ReplayReader reader = new ReplayReader(
                settings.plan(),
                new ChunkCache(settings.cacheBytes(), settings.cacheTime().toMillis()),
                () -> new ReplayRangeReader(
                        consumer(
                                kafka,
                                "edge-replay-" + readers.incrementAndGet(),
                                REPLAY_FETCH_WAIT,
                                settings.chunkBytes()),
                        frames,
                        settings.readTimeout()),
                tail::backoff,
                tailer::generation,
                tailer::logVersion);
        reader.start();
        return reader;
    }

    @Singleton
    @Bean(preDestroy = "close")
    LastLocator lastLocator(
            KafkaSettings kafka,
            Tailer tailer,
            KafkaLogFacts facts,
            RecordFrames frames,
            EdgeSettings.Replay settings) {
        return new LastLocator(
                tailer,
                facts,
                frames,
                settings,
                () -> consumer(kafka, "edge-last", REPLAY_FETCH_WAIT, settings.chunkBytes()));
    }

    @Singleton
    @Bean(preDestroy = "close")
    History history(
            KafkaSettings kafka,
            KafkaLogFacts facts,
            EpochEnds ends,
            RecordFrames frames,
            EdgeSettings.History settings,
            EdgeSettings.Replay replay) {
        return new History(
                facts,
                ends,
                frames,
                settings,
                number -> consumer(kafka, "edge-history-" + number, REPLAY_FETCH_WAIT, replay.chunkBytes()));
    }

    /** The threads that read for streams, in {@code /health}. */
    @Singleton
    HealthIndicator edgeLoops(Tailer tailer, ReplayReader replay, KafkaEpochEnds epochs, ControlTopic control) {
        List<Loop> loops = new ArrayList<>(replay.loops());
        loops.add(tailer.loop());
        loops.add(epochs.loop());
        loops.add(control.loop());
        return new LoopHealth("edge-loops", loops);
    }

    private static Consumer<byte[], byte[]> consumer(
            KafkaSettings kafka, String clientId, Duration fetchWait, int fetchBytes) {
        Map<String, Object> properties = new HashMap<>(kafka.consumer(clientId));
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, Math.toIntExact(fetchWait.toMillis()));
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, fetchBytes);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, fetchBytes);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        return new KafkaConsumer<>(properties);
    }
}
