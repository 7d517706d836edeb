package io.tailrace.ingest.lease;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.ShareGroup;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives released jobs to workers that ask for them over HTTP. Thread-safe; does not block.
 *
 * <p>When the service is told to end, requests that wait are answered with what they have, and no further job is taken.
 */
final class Leases implements GracefulShutdownCapable {
    private static final String CLIENT_ID = "ingest-api-leases";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Duration RETRY_FIRST = Duration.ofMillis(100);
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(5);
    private static final Duration CLOSE_EACH = Duration.ofSeconds(3);
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(1);

    private final LeasesSettings settings;
    private final KafkaSettings kafka;
    private final List<String> topics;
    private final LeaseWaits waits;
    private final LeaseMeters meters;
    private final AttemptStarts starts;
    private final TypeMembers members;
    private final Set<String> prepared = ConcurrentHashMap.newKeySet();
    private final Cache<String, List<Lease>> answered;

    /** Makes what begins attempts. */
    @FunctionalInterface
    interface Starter {
        /** Begins attempts for those who wait, until the process ends. */
        AttemptStarts of(LeaseWaits waits, LeaseMeters meters, BooleanSupplier isEnding);
    }

    Leases(LeasesSettings settings, KafkaSettings kafka, JobQueues queues, MeterRegistry registry, Starter starter) {
        this.settings = settings;
        this.kafka = kafka;
        this.topics = queues.all().stream().map(JobQueue::topic).toList();
        this.waits = new LeaseWaits(settings.maxWaiting());
        this.meters = new LeaseMeters(registry, waits);
        this.starts = starter.of(waits, meters, waits::isEnded);
        this.members = new TypeMembers(settings.maxTypes(), waits, this::member);
        this.answered = Caffeine.newBuilder()
                .maximumWeight(settings.maxRemembered())
                .<String, List<Lease>>weigher((key, leases) -> leases.stream()
                        .mapToInt(lease -> lease.payload().length())
                        .sum())
                .expireAfterWrite(REMEMBERED_FOR)
                .build();
        Gauge.builder("tailrace.leases.types", members, TypeMembers::size)
                .description("Types of jobs that this process takes from the log for workers over HTTP")
                .register(registry);
    }

    /** The threads that take jobs, of this moment. */
    List<Loop> loops() {
        return members.loops();
    }

    /**
     * Waits for jobs.
     *
     * @param wait the request
     * @param waitFor how long
     * @param key of a request that comes again if its answer was lost; null for none
     * @return completed with its leases, on a thread that must not block; never exceptionally
     * @throws ProblemException 503 if too many wait, or of too many types
     */
    CompletableFuture<List<Lease>> take(LeaseWait wait, Duration waitFor, @Nullable String key) {
        List<Lease> before = key == null ? null : answered.getIfPresent(key);
        if (before != null) {
            return CompletableFuture.completedFuture(before);
        }
        switch (members.admit(wait)) {
            case ADMITTED -> {}
            case TOO_MANY_TYPES ->
                throw ProblemException.unavailable(
                        "Workers of " + settings.maxTypes() + " types of jobs ask this node already",
                        RETRY_AFTER,
                        null);
            case TOO_MANY_REQUESTS ->
                throw ProblemException.unavailable(
                        settings.maxWaiting() + " requests wait for leases already", RETRY_AFTER, null);
        }
        after(wait, waitFor, wait::close);
        // What is about to begin is waited for a little longer, for a dispatcher that is away not for ever.
        after(wait, waitFor.plus(settings.answerTimeout()), wait::answerNow);
        return wait.answer().thenApply(leases -> {
            if (key != null && !leases.isEmpty()) {
                answered.put(key, leases);
            }
            return leases;
        });
    }

    /** Whoever asked has gone: what has begun in their name is handed back. */
    void abandon(LeaseWait wait) {
        wait.abandon().forEach(lease -> starts.handBack(lease.queue(), lease.id(), lease.token()));
    }

    /** Does something after a time, unless the request was answered before. */
    private static void after(LeaseWait wait, Duration time, Runnable action) {
        CompletableFuture<Void> timer = new CompletableFuture<>();
        var unused = timer.completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(action);
        var unusedStage = wait.answer().thenRun(() -> timer.complete(null));
    }

    private TypeMember member(String type, BooleanSupplier leave) {
        return new TypeMember(
                type,
                topics,
                () -> consumer(type),
                new Backoff(RETRY_FIRST, RETRY_LONGEST, RandomGenerator.getDefault()),
                waits,
                starts,
                meters,
                new TypeMember.Bounds(
                        settings.linger(), settings.answerTimeout().plus(RETRY_AFTER)),
                leave);
    }

    private ShareConsumer<byte[], byte[]> consumer(String type) {
        ShareGroup group = new ShareGroup(
                kafka,
                settings.groupPrefix() + type,
                new ShareGroup.Bounds(
                        "by_duration:" + settings.lookBack(),
                        settings.lockDuration(),
                        settings.pollRecords(),
                        settings.fetchWait(),
                        settings.brokerTimeout()));
        if (!prepared.contains(type)) {
            group.prepare(CLIENT_ID);
            prepared.add(type);
        }
        return group.member(CLIENT_ID + "-" + type);
    }

    @Override
    public CompletionStage<?> shutdownGracefully() {
        waits.end();
        members.stop();
        // The server itself waits until the answers are written.
        return CompletableFuture.completedFuture(null);
    }

    /** Ends the threads; waits for that, but for a bounded time. */
    void close() throws InterruptedException {
        waits.end();
        members.close(CLOSE_EACH);
    }
}
