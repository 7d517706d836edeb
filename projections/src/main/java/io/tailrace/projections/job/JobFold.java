package io.tailrace.projections.job;

import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobEvents.JobView;
import io.tailrace.contracts.job.JobProgress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the events of a batch come to, for one row each: a statement must not meet a row twice. Rows are in the order of their keys, so
 * that transactions lock them in one order. Pure; single-threaded.
 */
final class JobFold {
    /**
     * A job after a batch. What is null was not said, and stays as it is.
     *
     * @param job how it stands
     * @param progressAttempt the attempt that the progress is of
     */
    record JobRow(
            JobView job,
            @Nullable String payload,
            @Nullable String result,
            @Nullable Integer progressAttempt,
            @Nullable JobProgress progress) {}

    /**
     * An attempt after a batch.
     *
     * @param endedAt null while it runs, like the outcome
     */
    record AttemptRow(
            UUID jobId,
            int attempt,
            @Nullable String worker,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String outcome,
            @Nullable JobError error) {}

    /** A minute of a queue. */
    record Minute(String queue, Instant minute) {}

    /** How much of what happened in a minute. */
    record Tally(long enqueued, long started, long succeeded, long failed, long dead, long cancelled) {
        static Tally of(JobEvent event) {
            return switch (event.kind()) {
                case SCHEDULED -> new Tally(event.isNew() ? 1 : 0, 0, 0, 0, 0, 0);
                case STARTED -> new Tally(0, 1, 0, 0, 0, 0);
                case PROGRESSED -> new Tally(0, 0, 0, 0, 0, 0);
                case RETRYING -> new Tally(0, 0, 0, event.isHandedBack() ? 0 : 1, 0, 0);
                case SUCCEEDED -> new Tally(0, 0, 1, 0, 0, 0);
                case DEAD -> new Tally(0, 0, 0, 1, 1, 0);
                case CANCELLED -> new Tally(0, 0, 0, 0, 0, 1);
            };
        }

        Tally plus(Tally other) {
            return new Tally(
                    enqueued + other.enqueued,
                    started + other.started,
                    succeeded + other.succeeded,
                    failed + other.failed,
                    dead + other.dead,
                    cancelled + other.cancelled);
        }
    }

    private record AttemptKey(UUID jobId, int attempt) {}

    private final SortedMap<UUID, JobRow> jobs = new TreeMap<>();
    private final SortedMap<AttemptKey, AttemptRow> attempts =
            new TreeMap<>(Comparator.comparing(AttemptKey::jobId).thenComparing(AttemptKey::attempt));
    private final SortedMap<Minute, Tally> minutes =
            new TreeMap<>(Comparator.comparing(Minute::queue).thenComparing(Minute::minute));

    /** Takes the next event in the order of the log. */
    void add(JobEvent event) {
        var unused = jobs.merge(event.job().id(), row(event), JobFold::then);
        AttemptRow attempt = attempt(event);
        if (attempt != null) {
            var unusedAttempt =
                    attempts.merge(new AttemptKey(attempt.jobId(), attempt.attempt()), attempt, JobFold::then);
        }
        var unusedMinute = minutes.merge(
                new Minute(event.job().queue(), event.at().truncatedTo(ChronoUnit.MINUTES)),
                Tally.of(event),
                Tally::plus);
    }

    /** The jobs. */
    List<JobRow> jobs() {
        return List.copyOf(jobs.values());
    }

    /** The attempts. */
    List<AttemptRow> attempts() {
        return List.copyOf(attempts.values());
    }

    /** The minutes, with {@link #tallies} in the same order. */
    List<Minute> minutes() {
        return List.copyOf(minutes.keySet());
    }

    /** What happened in the minutes. */
    Collection<Tally> tallies() {
        return minutes.values();
    }

    private static JobRow row(JobEvent event) {
        boolean progressed = event.progress() != null;
        return new JobRow(
                event.job(),
                event.payload(),
                event.result(),
                progressed ? event.job().attempt() : null,
                event.progress());
    }

    private static JobRow then(JobRow before, JobRow after) {
        boolean progressed = after.progressAttempt() != null;
        return new JobRow(
                after.job(),
                after.payload() == null ? before.payload() : after.payload(),
                after.result() == null ? before.result() : after.result(),
                progressed ? after.progressAttempt() : before.progressAttempt(),
                progressed ? after.progress() : before.progress());
    }

    private static @Nullable AttemptRow attempt(JobEvent event) {
        JobView job = event.job();
        String outcome =
                switch (event.kind()) {
                    case SCHEDULED, PROGRESSED, STARTED -> null;
                    case RETRYING -> event.isHandedBack() ? JobError.HANDED_BACK : "failed";
                    case DEAD -> "failed";
                    case SUCCEEDED -> "succeeded";
                    case CANCELLED -> "cancelled";
                };
        if (job.attempt() == 0 || outcome == null && event.kind() != JobEvent.Kind.STARTED) {
            return null;
        }
        return new AttemptRow(
                job.id(),
                job.attempt(),
                job.worker(),
                job.startedAt(),
                outcome == null ? null : event.at(),
                outcome,
                event.isHandedBack() ? null : event.error());
    }

    /** An attempt has one outcome: a job that is cancelled after its last attempt has failed leaves that one failed. */
    private static AttemptRow then(AttemptRow before, AttemptRow after) {
        return before.outcome() == null ? after : before;
    }
}
