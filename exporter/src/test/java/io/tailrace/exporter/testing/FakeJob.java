package io.tailrace.exporter.testing;

import io.tailrace.kit.job.JobContext;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt at a job that nobody has released.
 *
 * @param id the job
 * @param token of the attempt
 * @param stopsAfter it is told to stop when it has said so often how far it is
 * @param told how often it has
 */
public record FakeJob(UUID id, long token, int stopsAfter, AtomicInteger told) implements JobContext {
    private static final Logger LOG = LoggerFactory.getLogger(FakeJob.class);

    /** An attempt that goes on to its end. */
    public static FakeJob of(UUID id, long token) {
        return new FakeJob(id, token, Integer.MAX_VALUE, new AtomicInteger());
    }

    /** One that is told to stop. */
    public static FakeJob stopping(UUID id, long token, int stopsAfter) {
        return new FakeJob(id, token, stopsAfter, new AtomicInteger());
    }

    @Override
    public String queue() {
        return "exports";
    }

    @Override
    public int attempt() {
        return (int) token;
    }

    @Override
    public boolean isLastAttempt() {
        return false;
    }

    @Override
    public Instant deadline() {
        return Instant.MAX;
    }

    @Override
    public boolean isStopped() {
        return told.get() >= stopsAfter;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void progress(@Nullable Double fraction, @Nullable String message) {
        told.incrementAndGet();
    }

    @Override
    public Logger log() {
        return LOG;
    }

    @Override
    public UUID enqueue(String name, String type, Object payload) {
        throw new UnsupportedOperationException("no child jobs");
    }
}
