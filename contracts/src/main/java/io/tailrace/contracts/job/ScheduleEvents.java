package io.tailrace.contracts.job;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The types and payloads of {@code tailrace.schedules} and of the channel {@value #CHANNEL}. */
public final class ScheduleEvents {
    /**
     * The channel of all schedules. No queue can have such a name, so it collides with none, and the pattern {@code jobs:*} covers it.
     */
    public static final String CHANNEL = "jobs:.schedules";

    /** On {@code tailrace.schedules}, key the name; payload {@link ScheduleSet}. A tombstone deletes the schedule. */
    public static final String SCHEDULE_SET = "schedule_set";

    /** What the event of such a tombstone is called; it has no value. */
    public static final String SCHEDULE_DELETE_REQUESTED = "schedule_delete_requested";

    /** On the channel: a schedule is new or changed; payload {@link ScheduleChanged}. */
    public static final String SCHEDULE_CHANGED = "schedule_changed";

    /** On the channel: a schedule was deleted; payload {@link ScheduleDeleted}. */
    public static final String SCHEDULE_DELETED = "schedule_deleted";

    /** On the channel and {@code tailrace.job-events}: a firing enqueued a job; payload {@link ScheduleFired}. */
    public static final String SCHEDULE_FIRED = "schedule_fired";

    /** On the channel, and but for missed ones on {@code tailrace.job-events}: a firing was left out; payload {@link ScheduleSkipped}. */
    public static final String SCHEDULE_SKIPPED = "schedule_skipped";

    /** Why firings were left out: nobody could decide about them in time. */
    public static final String REASON_MISSED = "missed";

    /** Why a firing was left out: the job of an earlier one is not finished. */
    public static final String REASON_OVERLAP = "overlap";

    private ScheduleEvents() {}

    /**
     * Payload: there is this schedule.
     *
     * @param missed a {@link MissedPolicy#label}
     * @param overlap an {@link OverlapPolicy#label}
     * @param payload any JSON or null
     */
    public record ScheduleSet(
            String name,
            String cron,
            String timeZone,
            String missed,
            String overlap,
            String queue,
            JobSpec job,
            @Nullable Object payload) {
        /**
         * What a schedule is as a payload.
         *
         * @param payload its payload in the form that the JSON library writes
         */
        public static ScheduleSet of(JobSchedule schedule, Object payload) {
            return new ScheduleSet(
                    schedule.name(),
                    schedule.cron(),
                    schedule.timeZone(),
                    schedule.missed().label(),
                    schedule.overlap().label(),
                    schedule.queue(),
                    schedule.job(),
                    payload);
        }

        /**
         * The schedule.
         *
         * @param json its payload as JSON
         * @throws IllegalArgumentException if a field has no such value; it names the field
         */
        public JobSchedule schedule(String json) {
            return new JobSchedule(
                    name,
                    cron,
                    timeZone,
                    MissedPolicy.parse(missed)
                            .orElseThrow(() -> new IllegalArgumentException("missed: expected none, last or all")),
                    OverlapPolicy.parse(overlap)
                            .orElseThrow(() -> new IllegalArgumentException("overlap: expected allow or skip")),
                    queue,
                    job,
                    json);
        }
    }

    /**
     * Payload: a schedule is new or changed.
     *
     * @param nextAt the time of its next firing, or null if there is none any more
     */
    public record ScheduleChanged(
            String name,
            String cron,
            String timeZone,
            String missed,
            String overlap,
            String queue,
            String type,
            @Nullable Instant nextAt) {}

    /** Payload: a schedule was deleted. */
    public record ScheduleDeleted(String name) {}

    /**
     * Payload: a firing enqueued a job.
     *
     * @param plannedAt the time of the firing; null if a person asked for it
     * @param jobId the job
     */
    public record ScheduleFired(String name, @Nullable Instant plannedAt, String queue, UUID jobId) {}

    /**
     * Payload: a firing was left out, or some of them.
     *
     * @param plannedAt the time of the firing, or of the last of them; null if a person asked for it
     * @param reason {@value #REASON_MISSED}, {@value #REASON_OVERLAP} or a {@link JobRefusal#label}
     * @param count how many were left out; counted up to a thousand
     * @param queue where the job would have gone
     * @param jobId the job that is not finished yet; with {@value #REASON_OVERLAP} alone
     */
    public record ScheduleSkipped(
            String name, @Nullable Instant plannedAt, String reason, int count, String queue, @Nullable UUID jobId) {}
}
