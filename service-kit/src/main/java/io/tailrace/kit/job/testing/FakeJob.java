package io.tailrace.kit.job.testing;

import io.tailrace.kit.job.JobContext;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt at a job that no dispatcher has released, for tests of handlers: it has no lease and no end, is in the queue {@code default}, is
 * never the last attempt, and enqueues no other jobs. Its token is the number of the attempt. Thread-safe.
 */
public final class FakeJob implements JobContext {
    private static final Logger LOG = LoggerFactory.getLogger(FakeJob.class);

    private final UUID id;
    private final int attempt;
    private final int stopsAfter;
    private final AtomicInteger toldFractions = new AtomicInteger();
    private volatile @Nullable Double fraction;

    private FakeJob(UUID id, int attempt, int stopsAfter) {
        this.id = id;
        this.attempt = attempt;
        this.stopsAfter = stopsAfter;
    }

    /** The first attempt at some job. */
    public static FakeJob first() {
        return of(UUID.randomUUID(), 1);
    }

    /**
     * An attempt that may go on to its end.
     *
     * @param attempt which one it is, from 1
     */
    public static FakeJob of(UUID id, int attempt) {
        return new FakeJob(id, attempt, Integer.MAX_VALUE);
    }

    /**
     * An attempt that is told to stop.
     *
     * @param attempt which one it is, from 1
     * @param stopsAfter how often it has to say before which fraction of its work is done; 0 if it is stopped from the beginning
     */
    public static FakeJob stopping(UUID id, int attempt, int stopsAfter) {
        return new FakeJob(id, attempt, stopsAfter);
    }

    /** The last fraction of its work that was told; null if none was. */
    public @Nullable Double fraction() {
        return fraction;
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public String queue() {
        return "default";
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public boolean isLastAttempt() {
        return false;
    }

    @Override
    public long token() {
        return attempt;
    }

    @Override
    public Instant deadline() {
        return Instant.MAX;
    }

    @Override
    public boolean isStopped() {
        return toldFractions.get() >= stopsAfter;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void progress(@Nullable Double fraction, @Nullable String message) {
        if (fraction != null) {
            this.fraction = fraction;
            toldFractions.incrementAndGet();
        }
    }

    @Override
    public Logger log() {
        return LOG;
    }

    @Override
    public UUID enqueue(String name, String type, Object payload) {
        throw new UnsupportedOperationException("an attempt that nobody has released enqueues no jobs");
    }
}
