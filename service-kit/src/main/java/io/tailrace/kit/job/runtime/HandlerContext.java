package io.tailrace.kit.job.runtime;

import io.tailrace.contracts.job.JobProgress;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.attempt.ReleasedJob;
import io.tailrace.kit.job.attempt.StopReason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What the handler of an attempt sees. Thread-safe. */
final class HandlerContext implements JobContext {
    private final Attempt attempt;
    private final Children children;
    private final Instant deadline;
    private final Logger log;

    HandlerContext(Attempt attempt, Children children, InstantSource clock) {
        this.attempt = attempt;
        this.children = children;
        ReleasedJob job = attempt.job();
        this.deadline = clock.instant().plusSeconds(job.timeoutSeconds());
        this.log = new JobLogger(job.type(), job.id(), attempt.log(), clock);
    }

    @Override
    public UUID id() {
        return attempt.job().id();
    }

    @Override
    public String queue() {
        return attempt.job().queue();
    }

    @Override
    public int attempt() {
        return attempt.job().attempt();
    }

    @Override
    public boolean isLastAttempt() {
        return attempt.job().lastAttempt();
    }

    @Override
    public long token() {
        return attempt.job().token();
    }

    @Override
    public Instant deadline() {
        return deadline;
    }

    @Override
    public boolean isStopped() {
        return attempt.stopReason() != null;
    }

    @Override
    public boolean isCancelled() {
        return attempt.stopReason() == StopReason.CANCELLED;
    }

    @Override
    public void progress(@Nullable Double fraction, @Nullable String message) {
        attempt.progress(new JobProgress(fraction, message));
    }

    @Override
    public Logger log() {
        return log;
    }

    @Override
    public UUID enqueue(String name, String type, Object payload) throws InterruptedException {
        return children.enqueue(attempt.job().id(), name, type, payload);
    }
}
