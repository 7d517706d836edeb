package io.tailrace.dispatcher.schedule;

import io.tailrace.contracts.job.JobEvents;
import io.tailrace.dispatcher.channel.ByteNodes;
import io.tailrace.dispatcher.commit.IdlePeriod;
import io.tailrace.dispatcher.poison.DeadLetterForm;
import io.tailrace.dispatcher.poison.FactProcessor;
import io.tailrace.dispatcher.poison.FactReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * Which schedule fires when.
 *
 * <pre>
 *                              ┌── job-commands
 * schedules ──── arm ──────────┼── jobs-channel
 *     ▲      (armed-schedules) └── dead-letters
 *     │           │
 *     └── clock ──┘
 * </pre>
 *
 * <p>All records of a schedule are in one partition and so in one task. The names of nodes and stores are part of the running
 * application: a change needs a new version of the application's id.
 */
public final class ScheduleTopology {
    private static final String SCHEDULES_SOURCE = "schedules";
    private static final String ARM = "arm";
    private static final String STORE = "armed-schedules";

    private ScheduleTopology() {}

    /**
     * The topology that production runs.
     *
     * @param form the form of a dead letter; its topic is where they go
     */
    public static Topology build(ScheduleTopics topics, ScheduleSettings settings, DeadLetterForm form) {
        ThreadLocal<IdlePeriod> idlePeriod = ThreadLocal.withInitial(
                () -> new IdlePeriod(settings.commitInterval().toMillis()));
        FactReader reader = new FactReader(settings.maxEventBytes(), settings.factPartitions());
        Topology topology = new Topology();
        ByteNodes.source(topology, SCHEDULES_SOURCE, topics.schedules());
        topology.addProcessor(
                ARM,
                () -> new FactProcessor<>(
                        record -> ScheduleFact.read(reader, record),
                        form,
                        context -> arm(context, settings, idlePeriod)),
                SCHEDULES_SOURCE);
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
                        .withCachingDisabled()
                        .withLoggingEnabled(Map.of()),
                ARM);
        ByteNodes.sink(topology, ScheduleRecords.JOBS_SINK, topics.jobCommands(), ARM);
        ByteNodes.sink(topology, ScheduleRecords.CHANNEL_SINK, topics.jobsChannel(), ARM);
        ByteNodes.sink(topology, FactProcessor.DEAD_LETTERS_SINK, form.topic(), ARM);
        topology.addSink(
                ScheduleRecords.CLOCK_SINK,
                topics.schedules(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                (topic, key, value, partitions) -> Optional.of(Set.of(clockPartition(key))),
                ARM);
        return topology;
    }

    private static FactProcessor.Application<ScheduleFact> arm(
            ProcessorContext<byte[], byte[]> context, ScheduleSettings settings, ThreadLocal<IdlePeriod> idlePeriod) {
        KeyValueStore<Bytes, byte[]> store = context.getStateStore(STORE);
        ScheduleTask task = new ScheduleTask(
                new StoreScheduleBook(store), settings.firing(), settings.perTurn(), new ScheduleRecords(context));
        boolean[] untold = {false};
        var unused = context.schedule(settings.lookInterval(), PunctuationType.WALL_CLOCK_TIME, wallClockMs -> {
            if (task.look(wallClockMs)) {
                context.commit();
            }
        });
        // All tasks at the same moments: what one of them asks for ends the transaction of all on its thread.
        unused = context.schedule(
                Instant.EPOCH, settings.commitInterval(), PunctuationType.WALL_CLOCK_TIME, wallClockMs -> {
                    if (untold[0]) {
                        untold[0] = false;
                        context.commit();
                    }
                });
        return (fact, timestampMs) -> {
            task.apply(fact, timestampMs);
            if (idlePeriod.get().isEndedBy(timestampMs, context.currentSystemTimeMs())) {
                context.commit();
            } else {
                untold[0] = true;
            }
        };
    }

    private static int clockPartition(byte[] key) {
        return Integer.parseInt(new String(key, StandardCharsets.US_ASCII).substring(JobEvents.CLOCK_KEY.length()));
    }
}
