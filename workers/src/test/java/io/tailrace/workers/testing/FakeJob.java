package io.tailrace.workers.testing;

import io.tailrace.kit.job.JobContext;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt at a job that nobody has released.
 *
 * @param id the job
 * @param attempt which attempt it is
 * @param isStopped whether it has to stop
 */
public record FakeJob(UUID id, int attempt, boolean isStopped) implements JobContext {
    private static final Logger LOG = LoggerFactory.getLogger(FakeJob.class);

    /** One that may go on. */
    public FakeJob(UUID id, int attempt) {
        this(id, attempt, false);
    }

    /** The first attempt at some job. */
    public static FakeJob first() {
        return new FakeJob(UUID.randomUUID(), 1);
    }

    @Override
    public String queue() {
        return "notifications";
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
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void progress(@Nullable Double fraction, @Nullable String message) {
        // Nobody looks.
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
