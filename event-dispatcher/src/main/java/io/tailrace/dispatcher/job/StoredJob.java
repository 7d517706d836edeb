package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobSpec;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job of the book, without its payload. Times are epoch milliseconds.
 *
 * @param origin what never changes
 * @param order its place among the ready jobs of its priority: those of a lower one go first. Meaningless before it is ready
 * @param attempt the number of its last attempt
 * @param uncounted how many of its attempts do not count: those that were handed back, and those before an operator's retry
 * @param token stands for its last release
 * @param revision how often something was told of it
 * @param lastCommand the last command that changed it, to know its repetition
 * @param startedMs when its last attempt began, 0 before the first
 * @param worker who runs its last attempt
 * @param phase where it stands
 */
record StoredJob(
        Origin origin,
        long order,
        int attempt,
        int uncounted,
        long token,
        int revision,
        @Nullable UUID lastCommand,
        long startedMs,
        @Nullable String worker,
        JobPhase phase) {
    /**
     * What never changes of a job.
     *
     * @param fingerprint of the command that made it
     * @param dueMs when it might run at first
     */
    record Origin(UUID id, String queue, JobSpec spec, long fingerprint, long enqueuedMs, long dueMs) {}

    UUID id() {
        return origin.id();
    }

    String queue() {
        return origin.queue();
    }

    JobSpec spec() {
        return origin.spec();
    }

    /** Its key with its queue, or null if it has none. */
    @Nullable
    QueueKey key() {
        String key = origin.spec().key();
        return key == null ? null : new QueueKey(origin.queue(), key);
    }

    /** The credit that it counts for where it stands: that of its type, or {@link QueueState#SHARED}. */
    String credit() {
        return phase.isShared() ? QueueState.SHARED : origin.spec().type();
    }

    /** How many attempts have counted, with the last one. */
    int counted() {
        return attempt - uncounted;
    }

    /** The same elsewhere. Nothing is told of it. */
    StoredJob in(JobPhase next) {
        return new StoredJob(origin, order, attempt, uncounted, token, revision, lastCommand, startedMs, worker, next);
    }

    /** The same in another place among the ready ones. */
    StoredJob at(long newOrder) {
        return new StoredJob(
                origin, newOrder, attempt, uncounted, token, revision, lastCommand, startedMs, worker, phase);
    }

    /** The same, of which something is told; {@code commandId} led to it, or null if time did. */
    StoredJob told(@Nullable UUID commandId) {
        UUID last = commandId == null ? lastCommand : commandId;
        return new StoredJob(origin, order, attempt, uncounted, token, revision + 1, last, startedMs, worker, phase);
    }

    /** Handed to the workers under a token of its own. */
    StoredJob released(long untilMs) {
        return new StoredJob(
                origin,
                order,
                attempt,
                uncounted,
                token + 1,
                revision,
                lastCommand,
                startedMs,
                worker,
                new JobPhase.Released(untilMs, phase.isShared()));
    }

    /** Its next attempt begins. */
    StoredJob started(long nowMs, String by, JobPhase.Running running) {
        return new StoredJob(origin, order, attempt + 1, uncounted, token, revision, lastCommand, nowMs, by, running);
    }

    /** The same, with so many attempts that do not count. */
    StoredJob uncounted(int attempts) {
        return new StoredJob(origin, order, attempt, attempts, token, revision, lastCommand, startedMs, worker, phase);
    }
}
