package io.tailrace.projections.drive;

import io.tailrace.kit.consume.Source;
import io.tailrace.kit.consume.TopicLookup;
import io.tailrace.projections.position.Application;
import io.tailrace.projections.position.Move;
import io.tailrace.projections.position.Position;
import io.tailrace.projections.position.Positions;
import io.tailrace.projections.position.Store;
import io.tailrace.projections.projection.Projection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts assigned partitions at the positions that the database holds, after checking that the log is still the one that the rows were made
 * from. Confined to the loop's thread.
 */
final class StartPositions<C> {
    private static final Logger LOG = LoggerFactory.getLogger(StartPositions.class);

    /** A broker that has just started may for a moment not know all that it has. */
    private static final int SIGHTS_BEFORE_REBUILD = 3;

    private final Projection<C> projection;
    private final Store<C> store;
    private final TopicLookup topics;
    private final ProjectionMeters meters;
    private final long checkIntervalNs;
    private @Nullable Source source;
    private long checkedNs;
    private int tooShortSights;

    /** By partition, how far the log is still what the rows were made from; empty unless it was truncated. */
    private final Map<Integer, Long> truncatedAt = new HashMap<>();

    StartPositions(
            Projection<C> projection,
            Store<C> store,
            TopicLookup topics,
            ProjectionMeters meters,
            Duration generationCheck) {
        this.projection = projection;
        this.store = store;
        this.topics = topics;
        this.meters = meters;
        this.checkIntervalNs = generationCheck.toNanos();
    }

    /** The topic that the placed partitions belong to. */
    Source source() {
        Source known = source;
        if (known == null) {
            throw new IllegalStateException("projection " + projection.name() + ": no partition has started yet");
        }
        return known;
    }

    /** A part of the log that was read is not there any more. What was made from it is thrown away by the next starts. */
    void truncated(LogTruncationException e) {
        e.offsetOutOfRangePartitions().keySet().forEach(partition -> {
            OffsetAndMetadata end = e.divergentOffsets().get(partition);
            truncatedAt.put(partition.partition(), end == null ? 0 : end.offset());
        });
    }

    /**
     * Looks from time to time whether the topic is still the same one. A consumer does not say so: in a topic that was
     * created anew it reads on at the old offset. What is applied between the change and this look is thrown away by
     * the rebuild that follows.
     */
    void checkGeneration(Assignment assignment) {
        if (source == null || System.nanoTime() - checkedNs < checkIntervalNs) {
            return;
        }
        checkedNs = System.nanoTime();
        try {
            if (!topics.find(projection.topic()).equals(source)) {
                assignment.displaceAll();
            }
        } catch (RetriableException e) {
            LOG.debug("projection {}: cannot look at its topic now", projection.name(), e);
        }
    }

    /**
     * Places what waits.
     *
     * @throws SQLException if PostgreSQL is away
     * @throws RetriableException if Kafka is away, or has no such topic
     * @throws LogTooShort if the log has lost records that are applied; if it stays so, the rows are rebuilt
     */
    void place(Consumer<byte[], byte[]> consumer, Assignment assignment) throws SQLException, LogTooShort {
        if (assignment.waiting().isEmpty()) {
            return;
        }
        Source found = topics.find(projection.topic());
        if (!found.equals(source)) {
            assignment.displaceAll();
            source = found;
            truncatedAt.clear();
        }
        checkedNs = System.nanoTime();
        Positions positions = store.positions(found);
        if (isBehindADivergence(positions)) {
            LOG.warn(
                    "projection {}: topic {} has lost records that were applied, reading it from its start: truncated"
                            + " at {}",
                    projection.name(),
                    found.topic(),
                    truncatedAt);
            store.rebuild(found);
            meters.rebuilt();
            positions = store.positions(found);
        }
        truncatedAt.clear();
        if (positions.rebuilt()) {
            LOG.warn(
                    "projection {}: topic {} was created anew, reading it from its start",
                    projection.name(),
                    found.topic());
            meters.rebuilt();
        }
        Set<TopicPartition> waiting = assignment.waiting();
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(waiting);
        Map<TopicPartition, Long> ends = consumer.endOffsets(waiting);
        Map<TopicPartition, Integer> leaderEpochs = topics.leaderEpochs(waiting);
        for (TopicPartition partition : waiting) {
            Position position = positions.at().get(partition.partition());
            Long begin = begins.get(partition);
            Long end = ends.get(partition);
            if (position != null && begin != null && end != null) {
                checkLength(partition, position, end, leaderEpochs.getOrDefault(partition, Integer.MAX_VALUE));
                place(assignment, partition, position, begin);
            }
        }
        tooShortSights = 0;
    }

    private boolean isBehindADivergence(Positions positions) {
        return truncatedAt.entrySet().stream()
                .anyMatch(cut -> positions.next().getOrDefault(cut.getKey(), 0L) > cut.getValue());
    }

    /** A log whose leader has never had the epoch of what was applied is another one too: one of a backup, for one. */
    private void checkLength(TopicPartition partition, Position position, long end, int leaderEpoch)
            throws SQLException, LogTooShort {
        if (position.nextOffset() <= end && position.leaderEpoch() <= leaderEpoch) {
            return;
        }
        tooShortSights++;
        if (tooShortSights >= SIGHTS_BEFORE_REBUILD) {
            tooShortSights = 0;
            store.rebuild(source());
            meters.rebuilt();
        }
        throw new LogTooShort("log " + partition + " ends at " + end + " with leader epoch " + leaderEpoch
                + ", but records up to " + position + " were applied");
    }

    private void place(Assignment assignment, TopicPartition partition, Position stored, long begin)
            throws SQLException {
        long position = stored.nextOffset();
        if (position >= begin) {
            assignment.place(partition.partition(), stored);
            return;
        }
        Move overGap = new Move(partition.partition(), position, begin);
        if (store.apply(source(), List.of(overGap), List.of()) instanceof Application.Applied) {
            if (position > 0) {
                LOG.warn(
                        "projection {}: {} records of {} were deleted by retention before they were applied",
                        projection.name(),
                        begin - position,
                        partition);
                meters.lost(begin - position);
            }
            assignment.place(partition.partition(), new Position(begin, Position.UNKNOWN_EPOCH));
        }
    }
}
