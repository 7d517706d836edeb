package io.tailrace.ingest.lease;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobEvents.JobReleased;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
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
 * A member of the share group of one type of jobs, for as long as somebody asks for jobs of it. It asks the broker for jobs only while a
 * request waits for one. A record is accepted when the start of its attempt is in the log: from then on the dispatcher's store covers what is
 * lost.
 */
final class TypeMember {
    private static final Logger LOG = LoggerFactory.getLogger(TypeMember.class);
    private static final Duration POLL_WAIT = Duration.ofMillis(500);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration KNOWN_FOR = Duration.ofMinutes(1);
    private static final int MOST_KNOWN = 10_000;

    private final String type;
    private final List<String> topics;
    private final Supplier<ShareConsumer<byte[], byte[]>> consumers;
    private final LeaseWaits waits;
    private final AttemptStarts starts;
    private final LeaseMeters meters;
    private final Bounds bounds;
    private final BooleanSupplier leave;
    private final SupervisedLoop loop;
    private final Cache<Release, Boolean> known = Caffeine.newBuilder()
            .maximumSize(MOST_KNOWN)
            .expireAfterWrite(KNOWN_FOR)
            .build();
    private volatile @Nullable ShareConsumer<byte[], byte[]> current;

    /**
     * Its bounds.
     *
     * @param linger how long it goes on without a request, and how long jobs wait for one before they are handed back
     * @param settle the longest wait until the starts of one poll are in the log
     */
    record Bounds(Duration linger, Duration settle) {}

    /** A release of a job, which the broker may bring again. */
    private record Release(UUID job, long token) {}

    /** A record, and whether it is needed no longer. */
    private record Taken(
            ConsumerRecord<byte[], byte[]> record, @Nullable Release release, CompletableFuture<Boolean> settled) {}

    /**
     * A member.
     *
     * @param topics of the queues
     * @param consumers makes members of the share group; may block
     * @param leave asked when nobody wants a job: whether to end for good
     */
    TypeMember(
            String type,
            List<String> topics,
            Supplier<ShareConsumer<byte[], byte[]>> consumers,
            Backoff backoff,
            LeaseWaits waits,
            AttemptStarts starts,
            LeaseMeters meters,
            Bounds bounds,
            BooleanSupplier leave) {
        this.type = type;
        this.topics = List.copyOf(topics);
        this.consumers = consumers;
        this.waits = waits;
        this.starts = starts;
        this.meters = meters;
        this.bounds = bounds;
        this.leave = leave;
        this.loop = new SupervisedLoop("leases-" + type, backoff, this::follow);
    }

    SupervisedLoop loop() {
        return loop;
    }

    /** Takes no more. */
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
        if (!waits.isWanted(type) && leave.getAsBoolean()) {
            self.done();
            return;
        }
        try (Closing closing = new Closing(consumers.get())) {
            ShareConsumer<byte[], byte[]> consumer = closing.consumer();
            current = consumer;
            consumer.subscribe(topics);
            while (!self.isStopping()) {
                if (waits.awaitWanted(type, bounds.linger().toNanos())) {
                    turn(consumer);
                    self.succeeded();
                } else if (leave.getAsBoolean()) {
                    self.done();
                }
            }
        } catch (WakeupException e) {
            LOG.debug("{}: stops", loop.name(), e);
        } finally {
            current = null;
        }
    }

    private void turn(ShareConsumer<byte[], byte[]> consumer) throws InterruptedException {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL_WAIT);
        if (records.isEmpty()) {
            return;
        }
        List<Taken> taken = new ArrayList<>(records.count());
        long untilNs = System.nanoTime() + bounds.linger().toNanos();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            taken.add(take(record, untilNs));
        }
        await(taken);
        boolean all = true;
        for (Taken each : taken) {
            boolean accepted = each.settled().getNow(false);
            if (accepted && each.release() != null) {
                known.put(each.release(), true);
            }
            consumer.acknowledge(each.record(), accepted ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
            all &= accepted;
        }
        var unused = consumer.commitSync();
        if (!all) {
            throw new IllegalStateException("the log did not take the starts of jobs of the type " + type);
        }
    }

    private void await(List<Taken> taken) throws InterruptedException {
        try {
            var unused = CompletableFuture.allOf(
                            taken.stream().map(Taken::settled).toArray(CompletableFuture<?>[]::new))
                    .get(bounds.settle().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.debug("{}: the log is slow", loop.name(), e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes it exceptionally", e);
        }
    }

    /** Begins an attempt for somebody who waits, or hands the job back if nobody does. */
    private Taken take(ConsumerRecord<byte[], byte[]> record, long untilNs) throws InterruptedException {
        CompletableFuture<Boolean> done = CompletableFuture.completedFuture(true);
        Header header = record.headers().lastHeader(Event.HEADER_SUBJECT);
        if (header != null && header.value() != null && !type.equals(text(header.value()))) {
            meters.others();
            return new Taken(record, null, done);
        }
        JobReleased job = read(record);
        if (job == null || !job.type().equals(type)) {
            return new Taken(record, null, done);
        }
        Release release = new Release(job.id(), job.token());
        if (known.getIfPresent(release) != null) {
            return new Taken(record, release, done);
        }
        LeaseWait wait = loop.isStopping() ? null : waits.awaitTake(type, Math.max(0, untilNs - System.nanoTime()));
        if (wait == null) {
            starts.handBack(job.queue(), job.id(), job.token());
            return new Taken(record, release, done);
        }
        return new Taken(record, release, starts.start(job, wait));
    }

    private @Nullable JobReleased read(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] value = record.value();
        try {
            JobReleased job = value == null ? null : Json.read(value, JobReleased.class);
            if (job != null && job.id() != null && job.queue() != null && job.type() != null && job.token() > 0) {
                return job;
            }
        } catch (IOException e) {
            LOG.debug("{}: unreadable", loop.name(), e);
        }
        meters.unreadable();
        LOG.error("{}-{}@{}: no released job", record.topic(), record.partition(), record.offset());
        return null;
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
