package io.tailrace.contracts.job;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A job that is enqueued again and again.
 *
 * @param name {@code [a-z][a-z0-9_.-]{0,63}}; with {@value #SYSTEM_PREFIX} before it if it is one of Tailrace's own
 * @param cron when: at most {@value #MAX_CRON} characters. That it is a cron text is checked by whoever reads one
 * @param timeZone a region of the time zone database, for example {@code Europe/Berlin}, or {@code UTC}
 * @param missed what becomes of firings that nobody could decide about in time
 * @param overlap what becomes of a firing while the job of an earlier one is not finished
 * @param queue where its jobs go
 * @param job what is asked of each of its jobs, without times and unique key
 * @param payload of each job: JSON on one line, at most {@value JobSpec#MAX_PAYLOAD_BYTES} bytes
 */
public record JobSchedule(
        String name,
        String cron,
        String timeZone,
        MissedPolicy missed,
        OverlapPolicy overlap,
        String queue,
        JobSpec job,
        String payload) {
    /** The longest cron text, in characters. */
    public static final int MAX_CRON = 200;

    /** What the unique keys of the jobs of schedules begin with; nobody else's may. */
    public static final String UNIQUE_KEY_PREFIX = "schedule/";

    /** What the names of Tailrace's own schedules begin with, which nobody else sets or deletes. */
    public static final String SYSTEM_PREFIX = "system/";

    private static final Pattern NAME = Pattern.compile("(system/)?[a-z][a-z0-9_.-]{0,63}");
    private static final String NAME_EXPECTED = "expected [a-z][a-z0-9_.-]{0,63}";
    private static final Set<String> ZONES = Set.copyOf(ZoneId.getAvailableZoneIds());

    /** Checks the ranges. */
    public JobSchedule {
        checkName(name);
        if (cron.isBlank() || cron.length() > MAX_CRON) {
            throw new IllegalArgumentException(
                    "cron: " + cron.length() + " characters, expected 1 to " + MAX_CRON + ", not all of them blank");
        }
        if (!isTimeZone(timeZone)) {
            throw new IllegalArgumentException("time_zone: expected a region of the time zone database or UTC");
        }
        JobLimits.queue(queue);
        if (job.runAt() != null || job.delaySeconds() != 0 || job.uniqueKey() != null) {
            throw new IllegalArgumentException("job: expected neither run_at, delay_seconds nor unique_key");
        }
        int bytes = payload.getBytes(StandardCharsets.UTF_8).length;
        JobLimits.range("payload: its bytes", bytes, 1, JobSpec.MAX_PAYLOAD_BYTES);
    }

    /** Whether it is a name that a schedule may have. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether it is the name of one of Tailrace's own schedules. */
    public static boolean isSystem(String name) {
        return name.startsWith(SYSTEM_PREFIX);
    }

    static void checkName(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("name: " + NAME_EXPECTED);
        }
    }

    /** Whether it is a region of the time zone database of this machine. Offsets are none: they know no daylight-saving time. */
    public static boolean isTimeZone(String text) {
        return ZONES.contains(text);
    }

    /** Its time zone. */
    public ZoneId zone() {
        return ZoneId.of(timeZone);
    }

    /** The command that a firing is: the same one for each repetition, so that no firing happens twice. */
    public JobCommand.Enqueue fire(Instant plannedAt) {
        return enqueue(JobCommandIds.firing(name, plannedAt), plannedAt);
    }

    /** The command of a person that it is to fire now, beside its times. */
    public JobCommand.Enqueue runNow(UUID commandId) {
        return enqueue(commandId, null);
    }

    private JobCommand.Enqueue enqueue(UUID commandId, @Nullable Instant plannedAt) {
        JobSpec spec = new JobSpec(
                job.type(),
                job.priority(),
                null,
                0,
                overlap == OverlapPolicy.SKIP ? UNIQUE_KEY_PREFIX + name : null,
                0,
                job.maxAttempts(),
                job.timeoutSeconds(),
                job.key(),
                job.retry());
        return new JobCommand.Enqueue(commandId, queue, spec, payload, new ScheduleFiring(name, plannedAt));
    }
}
