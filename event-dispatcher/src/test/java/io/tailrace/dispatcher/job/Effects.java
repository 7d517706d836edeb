package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobError;
import java.util.UUID;

/** Effects as lines of text, as a person would note them. */
final class Effects {
    private Effects() {}

    static UUID id(long number) {
        return new UUID(0x0197_0000_0000_7000L, number);
    }

    static long number(UUID id) {
        return id.getLeastSignificantBits();
    }

    static String text(JobEffect effect) {
        return switch (effect) {
            case JobEffect.Scheduled(StoredJob job, var _, String payload) ->
                "scheduled " + job(job) + (payload == null ? "" : " new");
            case JobEffect.Started(StoredJob job, var _) -> "started " + job(job) + " attempt " + job.attempt();
            case JobEffect.Progressed(StoredJob job, var _, var _) -> "progressed " + job(job);
            case JobEffect.Retrying(StoredJob job, var _, JobError error) ->
                "retrying " + job(job) + " " + error.type();
            case JobEffect.Succeeded(StoredJob job, var _, var _) -> "succeeded " + job(job);
            case JobEffect.Dead(StoredJob job, var _, JobError error) -> "dead " + job(job) + " " + error.type();
            case JobEffect.Cancelled(StoredJob job, var _) -> "cancelled " + job(job);
            case JobEffect.Released(StoredJob job, String payload, long _) ->
                "released " + number(job.id()) + " token " + job.token() + " " + payload;
            case JobEffect.QueueChanged(QueueState queue, var _) ->
                "queue " + (queue.paused() ? "paused " : "open ")
                        + queue.limits().concurrency() + " " + queue.limits().keyConcurrency();
            case JobEffect.Repeated(var _, StoredJob job) -> "repeated " + number(job.id());
            case JobEffect.Confirmed(var _, StoredJob job) -> "confirmed " + number(job.id());
            case JobEffect.Erased(JobCommand cause) -> "erased " + number(((JobCommand.Erase) cause).jobId());
            case JobEffect.Existing(var _, StoredJob job) -> "existing " + number(job.id());
            case JobEffect.Refused(var _, var reason, var _) -> "refused " + reason.label();
        };
    }

    private static String job(StoredJob job) {
        return number(job.id()) + " " + job.phase().state().label()
                + (job.phase() instanceof JobPhase.Delayed(long dueMs, boolean _) ? " " + dueMs : "");
    }
}
