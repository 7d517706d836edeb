package io.tailrace.kit.job.runtime;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.job.JobHandler;
import io.tailrace.kit.job.attempt.ReleasedJob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the released jobs of a queue from its share group and begins their attempts.
 *
 * <p>A record is accepted when the start of its attempt is in the log, and not when that is answered or the attempt has ended: from then on the
 * dispatcher's store covers a worker that vanishes, and a record that came again would be refused. So the next jobs are taken while the answers are on their
 * way. Until then it is renewed. No record is released or rejected: the broker would bring it again at once, and drop it silently in the end.
 */
final class ReadyLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ReadyLoop.class);
    private static final Duration POLL_WAIT = Duration.ofMillis(500);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final long LOOK_MS = 100;

    private final JobQueue queue;
    private final Supplier<ShareConsumer<byte[], byte[]>> consumers;
    private final Handlers handlers;
    private final Attempts attempts;
    private final Runners runners;
    private final Bounds bounds;
    private final Semaphore places;
    private final SupervisedLoop loop;
    private volatile @Nullable ShareConsumer<byte[], byte[]> current;

    /**
     * Its bounds.
     *
     * @param places attempts at a time
     * @param placeWait how long released jobs wait for a place before they are handed back
     * @param renewAfter how long after it was taken the lock of a record is renewed
     */
    record Bounds(int places, Duration placeWait, Duration renewAfter) {}

    /** Makes what runs an attempt. */
    @FunctionalInterface
    interface Runners {
        /** What runs an attempt at a job by a handler. */
        Attempts.Runner of(JobHandler<?> handler);
    }

    /** A record and when it is needed no longer. */
    private record Taken(ConsumerRecord<byte[], byte[]> record, CompletableFuture<Void> settled) {}

    /**
     * A loop of one queue.
     *
     * @param name of the loop, in health and numbers
     * @param consumers makes members of the share group that acknowledge explicitly
     */
    ReadyLoop(
            String name,
            JobQueue queue,
            Supplier<ShareConsumer<byte[], byte[]>> consumers,
            Backoff backoff,
            Handlers handlers,
            Attempts attempts,
            Runners runners,
            Bounds bounds) {
        this.queue = queue;
        this.consumers = consumers;
        this.handlers = handlers;
        this.attempts = attempts;
        this.runners = runners;
        this.bounds = bounds;
        this.places = new Semaphore(bounds.places());
        this.loop = new SupervisedLoop(name, backoff, this::follow);
    }

    SupervisedLoop loop() {
        return loop;
    }

    /** Takes no more; what it has taken goes on. */
    void stop() {
        loop.stop();
        ShareConsumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    /** A consumer that is closed without waiting for brokers that may be away. */
    private record Closing(ShareConsumer<byte[], byte[]> consumer) implements AutoCloseable {
        @Override
        public void close() {
            consumer.close(CLOSE_TIMEOUT);
        }
    }

    private void follow(SupervisedLoop self) throws InterruptedException {
        try (Closing closing = new Closing(consumers.get())) {
            ShareConsumer<byte[], byte[]> consumer = closing.consumer();
            current = consumer;
            consumer.subscribe(List.of(queue.topic()));
            while (!self.isStopping()) {
                turn(consumer);
                self.succeeded();
            }
        } catch (WakeupException e) {
            LOG.debug("{}: stops", loop.name(), e);
        } finally {
            current = null;
        }
    }

    private void turn(ShareConsumer<byte[], byte[]> consumer) throws InterruptedException {
        awaitPlace();
        // Records whose locks were renewed come again; their attempts are known.
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL_WAIT);
        List<Taken> taken = new ArrayList<>(records.count());
        long placesUntilNs = System.nanoTime() + bounds.placeWait().toNanos();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            taken.add(new Taken(record, take(record, placesUntilNs)));
        }
        await(taken);
        boolean renewed = false;
        for (Taken each : taken) {
            boolean done = each.settled().isDone() || loop.isStopping();
            consumer.acknowledge(each.record(), done ? AcknowledgeType.ACCEPT : AcknowledgeType.RENEW);
            renewed |= !done;
        }
        if (renewed) {
            var unused = consumer.commitSync();
        }
    }

    /** While all places are taken it asks for jobs less often, so that workers with places come first. */
    private void awaitPlace() throws InterruptedException {
        if (places.tryAcquire(bounds.placeWait().toNanos(), TimeUnit.NANOSECONDS)) {
            places.release();
        }
    }

    /** Waits until all are settled, but no longer than a lock lasts without renewal. */
    private void await(List<Taken> taken) throws InterruptedException {
        CompletableFuture<Void> all =
                CompletableFuture.allOf(taken.stream().map(Taken::settled).toArray(CompletableFuture<?>[]::new));
        long untilNs = System.nanoTime() + bounds.renewAfter().toNanos();
        while (!all.isDone() && !loop.isStopping() && System.nanoTime() - untilNs < 0) {
            try {
                all.get(LOOK_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                LOG.trace("{}: waits for the log", loop.name(), e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("nobody completes it exceptionally", e);
            }
        }
    }

    /** Begins an attempt; returns when the record is needed no longer. */
    private CompletableFuture<Void> take(ConsumerRecord<byte[], byte[]> record, long placesUntilNs)
            throws InterruptedException {
        Header header = record.headers().lastHeader(Event.HEADER_SUBJECT);
        String type = header == null || header.value() == null ? null : text(header.value());
        if (type != null && handlers.isOfOthers(type)) {
            attempts.meters().others();
            return CompletableFuture.completedFuture(null);
        }
        ReleasedJob job = read(record);
        if (job == null) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> known = attempts.known(job);
        if (known != null) {
            return known;
        }
        JobHandler<?> handler = handlers.of(job.type());
        if (handler == null) {
            if (handlers.isOfOthers(job.type())) {
                attempts.meters().others();
            } else {
                attempts.meters().unhandled();
                LOG.warn("job {}: no handler here for jobs of the type {}; it waits", job.id(), job.type());
            }
            return CompletableFuture.completedFuture(null);
        }
        long leftNs = Math.max(0, placesUntilNs - System.nanoTime());
        if (loop.isStopping() || !places.tryAcquire(leftNs, TimeUnit.NANOSECONDS)) {
            return attempts.handBack(job);
        }
        return attempts.begin(job, places, runners.of(handler));
    }

    private @Nullable ReleasedJob read(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] value = record.value();
        try {
            return value == null ? null : ReleasedJob.read(value);
        } catch (IOException | IllegalArgumentException e) {
            attempts.meters().unreadable();
            LOG.error(
                    "{}-{}@{}: no released job: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
            return null;
        }
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
