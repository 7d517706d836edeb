package io.tailrace.dispatcher.series;

import io.tailrace.dispatcher.channel.ByteNodes;
import io.tailrace.dispatcher.channel.RecentEvents;
import io.tailrace.dispatcher.commit.IdlePeriod;
import io.tailrace.dispatcher.poison.DeadLetterForm;
import io.tailrace.dispatcher.poison.FactProcessor;
import io.tailrace.dispatcher.poison.FactReader;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * Readings to windows.
 *
 * <pre>
 * readings ── aggregate ──┬── series-channel
 *              (windows,  └── dead-letters
 *           recent-readings)
 * </pre>
 *
 * <p>All readings of a metric are in one partition and so in one task. A window is written to the store for each of its readings, and to
 * the changelog once a transaction: the store has a cache, which ends with the transaction. The names of nodes and stores are part of
 * the running application: a change needs a new version of the application's id, which reads all readings again.
 */
public final class SeriesTopology {
    private static final String READINGS_SOURCE = "readings";
    private static final String AGGREGATE = "aggregate";
    private static final String WINDOWS = "windows";
    private static final String RECENT = "recent-readings";

    private SeriesTopology() {}

    /**
     * The topology that production runs.
     *
     * @param form the form of a dead letter; its topic is where they go
     */
    public static Topology build(SeriesTopics topics, SeriesBounds bounds, DeadLetterForm form) {
        ThreadLocal<IdlePeriod> idlePeriod = ThreadLocal.withInitial(
                () -> new IdlePeriod(bounds.commitInterval().toMillis()));
        FactReader reader = new FactReader(bounds.maxEventBytes(), bounds.factPartitions());
        Topology topology = new Topology();
        ByteNodes.source(topology, READINGS_SOURCE, topics.readings());
        topology.addProcessor(
                AGGREGATE,
                () -> new FactProcessor<>(
                        record -> SeriesFact.read(reader, record),
                        form,
                        context -> aggregate(context, bounds, idlePeriod)),
                READINGS_SOURCE);
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(WINDOWS), Serdes.Bytes(), Serdes.ByteArray())
                        .withCachingEnabled()
                        .withLoggingEnabled(Map.of()),
                AGGREGATE);
        topology.addStateStore(RecentEvents.store(RECENT, bounds.repeatWindow()), AGGREGATE);
        ByteNodes.sink(topology, SeriesRecords.CHANNEL_SINK, topics.seriesChannel(), AGGREGATE);
        ByteNodes.sink(topology, FactProcessor.DEAD_LETTERS_SINK, form.topic(), AGGREGATE);
        return topology;
    }

    private static FactProcessor.Application<SeriesFact> aggregate(
            ProcessorContext<byte[], byte[]> context, SeriesBounds bounds, ThreadLocal<IdlePeriod> idlePeriod) {
        KeyValueStore<Bytes, byte[]> store = context.getStateStore(WINDOWS);
        RecentEvents recent = RecentEvents.of(context, RECENT, bounds.repeatWindow());
        SeriesDesk desk = new SeriesDesk(
                new StoreSeriesBook(store),
                bounds.resolutions(),
                bounds.grace().toMillis(),
                bounds.ahead().toMillis(),
                new SeriesRecords(context, bounds.resolutions()));
        boolean[] untold = {false};
        // All tasks at the same moments: what one of them asks for ends the transaction of all on its thread.
        var unused = context.schedule(
                Instant.EPOCH, bounds.commitInterval(), PunctuationType.WALL_CLOCK_TIME, wallClockMs -> {
                    if (desk.look(wallClockMs) || untold[0]) {
                        untold[0] = false;
                        context.commit();
                    }
                });
        return (fact, timestampMs) -> {
            if (fact.isRepeated() || !recent.note(fact.id(), timestampMs)) {
                return;
            }
            long nowMs = context.currentSystemTimeMs();
            if (desk.apply(fact.reading(), timestampMs, nowMs)) {
                if (idlePeriod.get().isEndedBy(timestampMs, nowMs)) {
                    context.commit();
                } else {
                    untold[0] = true;
                }
            }
        };
    }
}
