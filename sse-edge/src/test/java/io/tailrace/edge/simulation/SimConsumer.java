package io.tailrace.edge.simulation;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.log.EpochEnds.EpochEnd;
import io.tailrace.edge.log.RecordFrames;
import io.tailrace.edge.simulation.SimLog.Partition;
import io.tailrace.edge.window.PartitionId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of the simulated log that behaves as Kafka's does, as far as a tail uses it: it asks a new leader whether its
 * position's epoch ends before the position, and tells what is out of range. Of a topic that was created anew it reads nothing;
 * Kafka's may read some of the new one, until the tail notices.
 */
final class SimConsumer extends MockConsumer<byte[], byte[]> {
    /**
     * Where it reads on.
     *
     * @param epoch of the record before
     * @param validatedBy the epoch of the leader that has it; -1 if none was asked
     */
    private record Position(@Nullable Generation generation, long offset, int epoch, int validatedBy) {}

    private final SimLog log;
    private final Random random;
    private final Function<Integer, @Nullable Generation> generations;
    private final Map<TopicPartition, PartitionId> ids = new HashMap<>();
    private final Map<PartitionId, Position> positions = new TreeMap<>();
    private boolean chaos = true;
    private boolean failNextAssignment;

    /**
     * A consumer.
     *
     * @param generations what the tail takes a namespace's topic for
     */
    SimConsumer(SimLog log, RecordFrames frames, Random random, Function<Integer, @Nullable Generation> generations) {
        super("none");
        this.log = log;
        this.random = random;
        this.generations = generations;
        log.partitions().forEach(partition -> ids.put(frames.topicPartition(partition.id), partition.id));
    }

    void setChaos(boolean chaos) {
        this.chaos = chaos;
    }

    /** Does not take its partitions the next time. */
    void failNextAssignment() {
        failNextAssignment = true;
    }

    /** Another consumer, which has no positions. */
    void renew() {
        positions.clear();
    }

    boolean isAtEnd(PartitionId id) {
        Position position = positions.get(id);
        Partition partition = log.current(id);
        return position != null
                && partition.generation.equals(position.generation)
                && position.validatedBy == partition.leaderEpoch
                && position.offset == partition.end();
    }

    @Override
    public synchronized void assign(Collection<TopicPartition> partitions) {
        if (failNextAssignment || (chaos && random.nextInt(100) == 0)) {
            failNextAssignment = false;
            throw new KafkaException("simulated");
        }
        Set<PartitionId> wanted = Set.copyOf(partitions.stream().map(this::id).toList());
        positions.keySet().retainAll(wanted);
    }

    @Override
    public synchronized void seek(TopicPartition topicPartition, OffsetAndMetadata to) {
        PartitionId id = id(topicPartition);
        positions.put(
                id,
                new Position(
                        generations.apply(id.namespace()),
                        to.offset(),
                        to.leaderEpoch().orElse(Cursor.NO_EPOCH),
                        -1));
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (chaos && random.nextInt(40) == 0) {
            if (random.nextBoolean()) {
                throw new SimFault("poll");
            }
            throw new KafkaException("simulated");
        }
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (Map.Entry<TopicPartition, PartitionId> entry : ids.entrySet()) {
            Position position = positions.get(entry.getValue());
            if (position != null && !(chaos && random.nextInt(3) == 0)) {
                try {
                    read(entry.getKey(), log.current(entry.getValue()), position, records, next);
                } catch (OffsetOutOfRangeException e) {
                    // What was read before is given first.
                    if (next.isEmpty()) {
                        throw e;
                    }
                }
            }
        }
        return new ConsumerRecords<>(records, next);
    }

    private void read(
            TopicPartition topicPartition,
            Partition partition,
            Position position,
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records,
            Map<TopicPartition, OffsetAndMetadata> next) {
        if (!partition.generation.equals(position.generation)) {
            return;
        }
        if (position.validatedBy != partition.leaderEpoch) {
            validate(topicPartition, partition, position);
        } else if (position.offset < partition.logStart || position.offset > partition.end()) {
            throw new OffsetOutOfRangeException(Map.of(topicPartition, position.offset));
        } else if (position.offset < partition.end()) {
            long to = chaos ? Math.min(partition.end(), position.offset + 1 + random.nextInt(12)) : partition.end();
            int epoch = partition.branch().epochBefore(to);
            records.put(topicPartition, partition.records(topicPartition, position.offset, to));
            next.put(topicPartition, new OffsetAndMetadata(to, Optional.of(epoch), ""));
            positions.put(partition.id, new Position(position.generation, to, epoch, position.validatedBy));
        }
    }

    private void validate(TopicPartition topicPartition, Partition partition, Position position) {
        if (position.epoch > partition.leaderEpoch) {
            throw new AssertionError(topicPartition + " was sought with an epoch that never was: " + position);
        }
        if (position.epoch != Cursor.NO_EPOCH) {
            EpochEnd end = partition.epochEnd(position.epoch);
            if (end.endOffset() < position.offset) {
                throw new LogTruncationException(
                        Map.of(topicPartition, position.offset),
                        Map.of(topicPartition, new OffsetAndMetadata(end.endOffset(), Optional.of(end.epoch()), "")));
            }
        }
        positions.put(
                partition.id,
                new Position(position.generation, position.offset, position.epoch, partition.leaderEpoch));
    }

    @Override
    public synchronized OptionalLong currentLag(TopicPartition topicPartition) {
        return OptionalLong.empty();
    }

    @Override
    public synchronized void wakeup() {
        // It never waits.
    }

    private PartitionId id(TopicPartition topicPartition) {
        PartitionId id = ids.get(topicPartition);
        if (id == null) {
            throw new AssertionError("no " + topicPartition);
        }
        return id;
    }
}
