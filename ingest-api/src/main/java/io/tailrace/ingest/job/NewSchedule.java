package io.tailrace.ingest.job;

import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A request for a schedule.
 *
 * @param cron when: five fields as in Unix (minute, hour, day, month, weekday), six with seconds before them, or {@code @hourly},
 *     {@code @daily}, {@code @weekly}, {@code @monthly} or {@code @yearly}; at most 200 characters
 * @param timeZone a region of the time zone database, for example {@code Europe/Berlin}, or {@code UTC}
 * @param type which handler runs its jobs; one of the declared types
 * @param payload of its jobs: JSON that fits the type, at most 262,144 bytes
 * @param queue one of the declared queues; that of the type if it is missing
 * @param missed what becomes of firings that nobody could decide about in time: {@code none}, {@code last} (the default) or {@code all}
 * @param overlap what becomes of a firing while the job of an earlier one is not finished: {@code allow} or {@code skip} (the default)
 */
@Introspected
record NewSchedule(
        String cron,
        String timeZone,
        String type,
        @Schema(implementation = Object.class) @Nullable Object payload,
        @Nullable String queue,
        @Nullable String missed,
        @Nullable String overlap) {}
