package io.tailrace.projections.drive;

import io.tailrace.kit.consume.ConsumerLoop;
import io.tailrace.kit.consume.DeadLetterBox;
import io.tailrace.kit.consume.Poisoned;
import io.tailrace.kit.redis.RedisAway;
import io.tailrace.projections.position.Application;
import io.tailrace.projections.position.Store;
import io.tailrace.projections.projection.Projection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies records to one projection with one consumer: polls, applies, polls again. Kafka distributes the partitions among
 * instances; the positions are the database's own, never Kafka's committed offsets. Confined to the loop's thread, but for {@link
 * #wakeup()}.
 *
 * @param <C> the projection's changes
 */
final class ProjectionSession<C> implements ConsumerLoop.Session {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectionSession.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final Projection<C> projection;
    private final Store<C> store;
    private final StartPositions<C> starts;
    private final DeadLetterBox deadLetters;
    private final ProjectionMeters meters;
    private final Duration pollWait;
    private final BatchPace pace;
    private final BooleanSupplier stopping;
    private final Consumer<byte[], byte[]> consumer;
    private final Assignment assignment;

    /**
     * What the sessions of one projection share.
     *
     * @param starts knows the topic, and what was seen of it
     * @param deadLetters take what cannot be used
     * @param pollWait how long a turn may wait for records
     * @param pace decides how long a turn waits before it reads
     */
    record Parts<C>(
            Projection<C> projection,
            Store<C> store,
            StartPositions<C> starts,
            DeadLetterBox deadLetters,
            ProjectionMeters meters,
            Duration pollWait,
            BatchPace pace) {}

    /** A session; it closes {@code consumer}. */
    ProjectionSession(Parts<C> parts, Consumer<byte[], byte[]> consumer, BooleanSupplier stopping) {
        this.projection = parts.projection();
        this.store = parts.store();
        this.starts = parts.starts();
        this.deadLetters = parts.deadLetters();
        this.meters = parts.meters();
        this.pollWait = parts.pollWait();
        this.pace = parts.pace();
        this.stopping = stopping;
        this.consumer = consumer;
        this.assignment = new Assignment(projection.topic(), consumer, meters::forget);
        try {
            consumer.subscribe(List.of(projection.topic()), assignment);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    @Override
    public ConsumerLoop.Turn turn() {
        try {
            starts.checkGeneration(assignment);
            starts.place(consumer, assignment);
            LockSupport.parkNanos(pace.waitNs(System.nanoTime()));
            ConsumerRecords<byte[], byte[]> records = poll(pollWait);
            long readNs = System.nanoTime();
            PolledRecords<C> batch = PolledRecords.read(
                    projection, records, assignment.positions(), assignment.reached(records.nextOffsets()));
            boolean applied = !batch.moves().isEmpty() && apply(batch);
            Map<Integer, Long> lags = assignment.lags();
            lags.forEach(meters::lag);
            if (applied) {
                pace.applied(
                        readNs,
                        lags.values().stream().mapToLong(Long::longValue).sum());
            }
            if (!lags.isEmpty() && !store.behind(starts.source(), lags)) {
                LOG.warn(
                        "projection {}: its copy was lost or moved on, reading the positions again", projection.name());
                assignment.displaceAll();
            }
            // A poll that brought nothing proves nothing about the database, unless there was nothing to bring.
            return new ConsumerLoop.Turn.Done(applied || lags.values().stream().allMatch(lag -> lag == 0));
        } catch (SQLException | RedisAway | RetriableException | InvalidOffsetException | LogTooShort e) {
            return new ConsumerLoop.Turn.Failed(e);
        }
    }

    private ConsumerRecords<byte[], byte[]> poll(Duration wait) {
        try {
            return consumer.poll(wait);
        } catch (LogTruncationException e) {
            starts.truncated(e);
            throw e;
        }
    }

    private boolean apply(PolledRecords<C> batch) throws SQLException {
        bury(batch.poisoned());
        List<PolledRecords.Item<C>> items = batch.items();
        while (true) {
            List<C> changes = items.stream().map(PolledRecords.Item::change).toList();
            switch (store.apply(starts.source(), batch.moves(), changes)) {
                case Application.Applied done -> {
                    assignment.moved(batch.moves());
                    deadLetters.passed();
                    meters.applied(items.size(), batch.ignored());
                    return true;
                }
                case Application.Fenced rival -> {
                    LOG.info(
                            "projection {}: another instance has moved on, reading the positions again",
                            projection.name());
                    meters.fenced();
                    assignment.displaceAll();
                    return false;
                }
                // Ends: each round has fewer changes than the one before.
                case Application.Refused(Map<Integer, String> reasons) -> items = withoutRefused(items, reasons);
            }
        }
    }

    private List<PolledRecords.Item<C>> withoutRefused(
            List<PolledRecords.Item<C>> items, Map<Integer, String> reasons) {
        List<PolledRecords.Item<C>> accepted = new ArrayList<>();
        List<Poisoned> refused = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String reason = reasons.get(i);
            if (reason == null) {
                accepted.add(items.get(i));
            } else {
                refused.add(new Poisoned(items.get(i).record(), reason));
            }
        }
        bury(refused);
        return accepted;
    }

    /** Before the position moves, so that no letter is missing. */
    private void bury(List<Poisoned> poisoned) {
        meters.poisoned(deadLetters.put(poisoned));
    }

    @Override
    public void rest(long waitMs) {
        assignment.displaceAll();
        ConsumerLoop.rest(waitMs, this::poll, stopping);
    }

    @Override
    public boolean isAssigned() {
        return !assignment.isEmpty();
    }

    @Override
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }
}
