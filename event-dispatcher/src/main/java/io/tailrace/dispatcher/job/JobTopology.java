package io.tailrace.dispatcher.job;

import io.tailrace.contracts.channel.KeyPartition;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
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
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * Which job runs next.
 *
 * <pre>
 *                              ┌── job-events
 * job-commands ── decide ──────┼── ready-{queue}, one for each queue
 *       ▲         (jobs)       ├── job-channel
 *       │             │        ├── jobs-channel
 *       └── clock ────┘        └── dead-letters
 * </pre>
 *
 * <p>All commands of a queue are in one partition and so in one task, which decides in log order. The names of nodes and stores are
 * part of the running application: a change needs a new version of the application's id. The sinks of queues may come and go.
 */
public final class JobTopology {
    private static final String COMMANDS_SOURCE = "job-commands";
    private static final String DECIDE = "decide";
    private static final String JOBS = "jobs";

    private JobTopology() {}

    /**
     * The topology that production runs.
     *
     * @param form the form of a dead letter; its topic is where they go
     */
    public static Topology build(JobTopics topics, JobSettings settings, DeadLetterForm form) {
        ThreadLocal<IdlePeriod> idlePeriod = ThreadLocal.withInitial(() -> new IdlePeriod(
                settings.quiet().toMillis(), settings.commitInterval().toMillis()));
        FactReader reader = new FactReader(settings.maxEventBytes(), settings.factPartitions());
        Topology topology = new Topology();
        ByteNodes.source(topology, COMMANDS_SOURCE, topics.commands());
        topology.addProcessor(
                DECIDE,
                () -> new FactProcessor<>(
                        record -> JobFact.read(reader, record), form, context -> decide(context, settings, idlePeriod)),
                COMMANDS_SOURCE);
        topology.addStateStore(
                new HotEntryStoreBuilder(
                        Stores.keyValueStoreBuilder(
                                        Stores.persistentKeyValueStore(JOBS), Serdes.Bytes(), Serdes.ByteArray())
                                .withCachingDisabled()
                                .withLoggingEnabled(Map.of()),
                        JobKeys::isHot),
                DECIDE);
        ByteNodes.sink(topology, JobRecords.EVENTS_SINK, topics.events(), DECIDE);
        ByteNodes.sink(topology, JobRecords.JOB_SINK, topics.jobChannel(), DECIDE);
        ByteNodes.sink(topology, JobRecords.JOBS_SINK, topics.jobsChannel(), DECIDE);
        for (JobQueue queue : settings.queues().all()) {
            readySink(topology, queue);
        }
        ByteNodes.sink(topology, FactProcessor.DEAD_LETTERS_SINK, form.topic(), DECIDE);
        topology.addSink(
                JobRecords.CLOCK_SINK,
                topics.commands(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                (topic, key, value, partitions) -> Optional.of(Set.of(clockPartition(key))),
                DECIDE);
        return topology;
    }

    private static void readySink(Topology topology, JobQueue queue) {
        topology.addSink(
                JobRecords.readySink(queue.name()),
                queue.topic(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                new InTurns(),
                DECIDE);
    }

    /**
     * One partition after the other, whatever job it is: the broker gives each partition to few members of a share group, and with few
     * of them to one, so that a job that a busy worker has handed back has to come to another the next time. Threads may race for a
     * turn, which then counts once.
     */
    private static final class InTurns implements StreamPartitioner<byte[], byte[]> {
        private int turn;

        @Override
        public Optional<Set<Integer>> partitions(String topic, byte[] key, byte[] value, int partitions) {
            turn = (turn + 1) % partitions;
            return Optional.of(Set.of(turn));
        }
    }

    private static FactProcessor.Application<JobFact> decide(
            ProcessorContext<byte[], byte[]> context, JobSettings settings, ThreadLocal<IdlePeriod> idlePeriod) {
        CommitPace pace = new CommitPace(
                settings.rush(),
                settings.commitInterval().toMillis(),
                settings.rushCommitInterval().toMillis(),
                context.currentSystemTimeMs());
        KeyValueStore<Bytes, byte[]> store = context.getStateStore(JOBS);
        JobTask task = new JobTask(
                new StoreJobBook(store),
                queuesOf(context.taskId().partition(), settings),
                settings.desk(),
                settings.perTurn(),
                new JobRecords(context));
        var unused = context.schedule(settings.lookInterval(), PunctuationType.WALL_CLOCK_TIME, wallClockMs -> {
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

    /** The queues whose commands are in a partition. */
    private static JobQueues queuesOf(int partition, JobSettings settings) {
        return JobQueues.of(settings.queues().all().stream()
                .filter(queue -> partition
                        == KeyPartition.of(queue.name().getBytes(StandardCharsets.UTF_8), settings.factPartitions()))
                .toList());
    }

    private static int clockPartition(byte[] key) {
        return Integer.parseInt(new String(key, StandardCharsets.US_ASCII).substring(JobEvents.CLOCK_KEY.length()));
    }
}
