package io.tailrace.ingest.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.kit.cron.CronExpression;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A schedule. Of a page of schedules without the payload.
 *
 * @param name its name
 * @param cron when it fires
 * @param timeZone the time zone of that
 * @param type of its jobs
 * @param queue where they go
 * @param missed {@code none}, {@code last} or {@code all}
 * @param overlap {@code allow} or {@code skip}
 * @param changedAt when it was set
 * @param next the next five times at which it fires, from now on
 * @param payload of its jobs
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record ScheduleDetails(
        String name,
        String cron,
        String timeZone,
        String type,
        String queue,
        String missed,
        String overlap,
        Instant changedAt,
        List<Instant> next,
        @Schema(implementation = Object.class) @JsonRawValue @Nullable String payload) {
    private static final int NEXT_TIMES = 5;

    /** A schedule as it is shown at {@code now}. */
    static ScheduleDetails of(Schedules.Known known, Instant now, boolean withPayload) {
        JobSchedule schedule = known.schedule();
        return new ScheduleDetails(
                schedule.name(),
                schedule.cron(),
                schedule.timeZone(),
                schedule.job().type(),
                schedule.queue(),
                schedule.missed().label(),
                schedule.overlap().label(),
                known.changedAt(),
                CronExpression.parse(schedule.cron()).nextAfter(now, schedule.zone(), NEXT_TIMES),
                withPayload ? schedule.payload() : null);
    }
}
