package io.tailrace.workers.drive;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Condition;
import io.tailrace.kit.consume.DeadLetterBox;
import io.tailrace.kit.consume.DeadLetterSender;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.Poisoned;
import io.tailrace.kit.consume.TopicLookup;
import io.tailrace.kit.redis.RedisAway;
import io.tailrace.workers.WorkersSettings;
import io.tailrace.workers.position.Application;
import io.tailrace.workers.position.Store;
import io.tailrace.workers.projection.Projection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one projection up with the log: polls, applies, polls again. Kafka distributes the partitions among workers; the
 * positions are the database's own, never Kafka's committed offsets.
 *
 * <p>Whatever fails for want of a server is tried again for ever, with growing waits and from the position that the
 * database has; the group membership is kept alive meanwhile. One thread runs it; {@link #stop()} and {@link
 * #condition()} may be called from any.
 *
 * @param <C> the projection's changes
 */
public final class ProjectionLoop<C> implements Loop {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectionLoop.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final Projection<C> projection;
    private final Store<C> store;
    private final KafkaClients clients;
    private final Placement<C> placement;
    private final DeadLetterBox deadLetters;
    private final ProjectionMeters meters;
    private final Backoff backoff;
    private final Duration pollWait;

    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile @Nullable Consumer<byte[], byte[]> current;
    private volatile Condition condition = new Condition.Idle();

    /**
     * What the loops of all projections share.
     *
     * @param clients make the consumers
     * @param topics tell which topic it is
     * @param deadLetters take what cannot be used
     * @param registry takes the numbers
     * @param settings bounds and waits
     */
    public record Ports(
            KafkaClients clients,
            TopicLookup topics,
            DeadLetterSender deadLetters,
            MeterRegistry registry,
            WorkersSettings settings) {}

    /** A loop; it does nothing until it is run. */
    public ProjectionLoop(Projection<C> projection, Store<C> store, Ports ports) {
        WorkersSettings settings = ports.settings();
        this.projection = projection;
        this.store = store;
        this.clients = ports.clients();
        this.deadLetters = new DeadLetterBox(ports.deadLetters(), "workers/" + projection.name());
        this.meters = new ProjectionMeters(ports.registry(), projection.name());
        this.placement = new Placement<>(projection, store, ports.topics(), meters, settings.generationCheck());
        this.backoff = new Backoff(settings.retryFirst(), settings.retryLongest(), RandomGenerator.getDefault());
        this.pollWait = settings.pollWait();
    }

    @Override
    public String name() {
        return projection.name();
    }

    @Override
    public Condition condition() {
        return condition;
    }

    @Override
    public void stop() {
        stop.countDown();
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    @Override
    public void run() {
        try {
            while (!isStopping()) {
                try {
                    consume();
                } catch (WakeupException e) {
                    LOG.debug("projection {}: woken", name());
                } catch (RuntimeException | Error e) {
                    // Nobody else would begin again: whatever it is, a new consumer gets a new chance. An interrupt
                    // that was left behind would fail that one at once.
                    var unused = Thread.interrupted();
                    failed(e);
                    pause(backoff.nextMs());
                }
            }
        } finally {
            condition = new Condition.Stopped();
        }
    }

    private void consume() {
        Consumer<byte[], byte[]> consumer = clients.consumer(name());
        current = consumer;
        try {
            Assignment assignment = new Assignment(projection.topic(), consumer, meters::forget);
            consumer.subscribe(List.of(projection.topic()), assignment);
            while (!isStopping()) {
                turn(consumer, assignment);
            }
        } finally {
            current = null;
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        }
    }

    private void turn(Consumer<byte[], byte[]> consumer, Assignment assignment) {
        try {
            placement.checkGeneration(assignment);
            placement.place(consumer, assignment);
            ConsumerRecords<byte[], byte[]> records = poll(consumer, pollWait);
            Batch<C> batch =
                    Batch.read(projection, records, assignment.positions(), assignment.reached(records.nextOffsets()));
            boolean applied = !batch.moves().isEmpty() && apply(assignment, batch);
            Map<Integer, Long> lags = assignment.lags();
            lags.forEach(meters::lag);
            if (!lags.isEmpty() && !store.behind(placement.source(), lags)) {
                LOG.warn("projection {}: its copy was lost or moved on, reading the positions again", name());
                assignment.displaceAll();
            }
            // A poll that brought nothing proves nothing about the database, unless there was nothing to bring.
            if (applied || lags.values().stream().allMatch(lag -> lag == 0)) {
                succeeded(assignment);
            }
        } catch (SQLException | RedisAway | RetriableException | InvalidOffsetException | LogTooShort e) {
            failed(e);
            rest(consumer, assignment);
        }
    }

    private ConsumerRecords<byte[], byte[]> poll(Consumer<byte[], byte[]> consumer, Duration wait) {
        try {
            return consumer.poll(wait);
        } catch (LogTruncationException e) {
            placement.truncated(e);
            throw e;
        }
    }

    private boolean apply(Assignment assignment, Batch<C> batch) throws SQLException {
        bury(batch.poisoned());
        List<Batch.Item<C>> items = batch.items();
        while (true) {
            List<C> changes = items.stream().map(Batch.Item::change).toList();
            switch (store.apply(placement.source(), batch.moves(), changes)) {
                case Application.Applied done -> {
                    assignment.moved(batch.moves());
                    deadLetters.passed();
                    meters.applied(items.size(), batch.ignored());
                    return true;
                }
                case Application.Fenced rival -> {
                    LOG.info("projection {}: another worker has moved on, reading the positions again", name());
                    meters.fenced();
                    assignment.displaceAll();
                    return false;
                }
                // Ends: each round has fewer changes than the one before.
                case Application.Refused(Map<Integer, String> reasons) -> items = withoutRefused(items, reasons);
            }
        }
    }

    private List<Batch.Item<C>> withoutRefused(List<Batch.Item<C>> items, Map<Integer, String> reasons) {
        List<Batch.Item<C>> accepted = new ArrayList<>();
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

    private void succeeded(Assignment assignment) {
        if (condition instanceof Condition.Retrying retrying) {
            LOG.info("projection {}: goes on, after trouble since {}", name(), retrying.since());
        }
        condition = assignment.isEmpty() ? new Condition.Idle() : new Condition.Running();
        backoff.reset();
    }

    private void failed(Throwable e) {
        meters.failed();
        String reason = Condition.Retrying.reasonOf(e);
        Instant since = Instant.now();
        if (condition instanceof Condition.Retrying retrying) {
            since = retrying.since();
            LOG.debug("projection {}: still fails", name(), e);
        } else {
            LOG.warn("projection {}: tries again and again: {}", name(), reason);
            LOG.debug("projection {}: fails", name(), e);
        }
        condition = new Condition.Retrying(reason, since);
    }

    /** Waits before the next attempt. Polling meanwhile keeps the membership in the group; nothing is read. */
    private void rest(Consumer<byte[], byte[]> consumer, Assignment assignment) {
        assignment.displaceAll();
        long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backoff.nextMs());
        for (long leftNs = 1; leftNs > 0 && !isStopping(); leftNs = untilNs - System.nanoTime()) {
            ConsumerRecords<byte[], byte[]> none = poll(consumer, Duration.ofNanos(leftNs));
            if (!none.isEmpty()) {
                throw new IllegalStateException("projection " + name() + ": a paused consumer returned records");
            }
        }
    }

    private void pause(long waitMs) {
        try {
            if (stop.await(waitMs, TimeUnit.MILLISECONDS)) {
                LOG.debug("projection {}: stops while it waits", name());
            }
        } catch (InterruptedException e) {
            // Nobody ends it like that.
            LOG.debug("projection {}: interrupted while it waits", name(), e);
        }
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }
}
