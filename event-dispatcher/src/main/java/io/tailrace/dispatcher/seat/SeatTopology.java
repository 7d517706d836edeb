package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.dispatcher.channel.ByteNodes;
import io.tailrace.dispatcher.commit.CommitPace;
import io.tailrace.dispatcher.commit.IdlePeriod;
import io.tailrace.dispatcher.poison.DeadLetterForm;
import io.tailrace.dispatcher.poison.FactProcessor;
import io.tailrace.dispatcher.poison.FactReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * Who gets which seat.
 *
 * <pre>
 * shows ────────── keep-show ───┐         ┌── seat-events
 *                    (seats)    ├─────────┼── show-channel
 * seat-commands ── decide ──────┘         ├── user-channel
 *       ▲             │                   └── dead-letters
 *       └── clock ────┘
 * </pre>
 *
 * <p>A show and its commands are in one partition and so in one task, which decides in log order. The names of nodes and
 * stores are part of the running application: a change needs a new version of the application's id.
 */
public final class SeatTopology {
    private static final String SHOWS_SOURCE = "shows";
    private static final String COMMANDS_SOURCE = "seat-commands";
    private static final String KEEP_SHOW = "keep-show";
    private static final String DECIDE = "decide";
    private static final String SEATS = "seats";

    private SeatTopology() {}

    /**
     * The topology that production runs.
     *
     * @param form the form of a dead letter; its topic is where they go
     */
    public static Topology build(SeatTopics topics, SeatSettings settings, DeadLetterForm form) {
        ThreadLocal<IdlePeriod> idlePeriod = ThreadLocal.withInitial(
                () -> new IdlePeriod(settings.commitInterval().toMillis()));
        FactReader reader = new FactReader(settings.maxEventBytes(), settings.factPartitions());
        Topology topology = new Topology();
        ByteNodes.source(topology, SHOWS_SOURCE, topics.shows());
        ByteNodes.source(topology, COMMANDS_SOURCE, topics.commands());
        topology.addProcessor(
                KEEP_SHOW,
                () -> new FactProcessor<>(
                        record -> ShowFact.read(reader, record), form, context -> keepShow(book(context, settings))),
                SHOWS_SOURCE);
        topology.addProcessor(
                DECIDE,
                () -> new FactProcessor<>(
                        record -> SeatFact.read(reader, record),
                        form,
                        context -> decide(context, settings, idlePeriod)),
                COMMANDS_SOURCE);
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(SEATS), Serdes.Bytes(), Serdes.ByteArray())
                        .withCachingDisabled()
                        .withLoggingEnabled(Map.of()),
                KEEP_SHOW,
                DECIDE);
        ByteNodes.sink(topology, SeatRecords.EVENTS_SINK, topics.events(), DECIDE);
        ByteNodes.sink(topology, SeatRecords.SHOW_SINK, topics.showChannel(), DECIDE);
        ByteNodes.sink(topology, SeatRecords.USER_SINK, topics.userChannel(), DECIDE);
        ByteNodes.sink(topology, FactProcessor.DEAD_LETTERS_SINK, form.topic(), KEEP_SHOW, DECIDE);
        topology.addSink(
                SeatRecords.CLOCK_SINK,
                topics.commands(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                (topic, key, value, partitions) -> Optional.of(Set.of(clockPartition(key))),
                DECIDE);
        return topology;
    }

    /** The first fact about a show counts: seats may be sold by it already. */
    private static FactProcessor.Application<ShowFact> keepShow(StoreBook book) {
        return (fact, timestampMs) -> {
            if (book.show(fact.show().id()) == null) {
                book.putShow(fact.show());
            }
        };
    }

    private static FactProcessor.Application<SeatFact> decide(
            ProcessorContext<byte[], byte[]> context, SeatSettings settings, ThreadLocal<IdlePeriod> idlePeriod) {
        CommitPace pace = new CommitPace(
                settings.rush(),
                settings.commitInterval().toMillis(),
                settings.rushCommitInterval().toMillis(),
                context.currentSystemTimeMs());
        Sensor forgotten = sensor(context, "forgotten");
        Sensor showsEnded = sensor(context, "shows-ended");
        Sensor showsForgotten = sensor(context, "shows-forgotten");
        SeatTask task = new SeatTask(book(context, settings), new SeatOutput(context), settings, deleted -> {
            record(forgotten, deleted.entries());
            record(showsEnded, deleted.ended());
            record(showsForgotten, deleted.forgotten());
        });
        var unused = context.schedule(settings.expiryInterval(), PunctuationType.WALL_CLOCK_TIME, wallClockMs -> {
            if (task.look(wallClockMs)) {
                context.commit();
            }
        });
        // All tasks at the same moments: what one of them asks for ends the transaction of all on its thread.
        unused = context.schedule(
                Instant.EPOCH, settings.commitInterval(), PunctuationType.WALL_CLOCK_TIME, wallClockMs -> {
                    if (pace.isDue(wallClockMs)) {
                        context.commit();
                    }
                });
        return (fact, timestampMs) -> {
            task.apply(fact, timestampMs);
            if (idlePeriod.get().isEndedBy(timestampMs, context.currentSystemTimeMs())) {
                context.commit();
            } else {
                pace.done();
            }
        };
    }

    private static Sensor sensor(ProcessorContext<byte[], byte[]> context, String what) {
        return context.metrics()
                .addRateTotalSensor("seats", context.taskId().toString(), what, Sensor.RecordingLevel.INFO);
    }

    /** The sensor counts calls. */
    private static void record(Sensor sensor, int times) {
        for (int i = 0; i < times; i++) {
            sensor.record();
        }
    }

    private static StoreBook book(ProcessorContext<byte[], byte[]> context, SeatSettings settings) {
        KeyValueStore<Bytes, byte[]> store = context.getStateStore(SEATS);
        return new StoreBook(
                store,
                settings.answerRetention().toMillis(),
                settings.forgetAfter().toMillis());
    }

    private static int clockPartition(byte[] key) {
        return Integer.parseInt(new String(key, StandardCharsets.US_ASCII).substring(SeatEvents.CLOCK_KEY.length()));
    }
}
