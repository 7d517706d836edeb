package io.tailrace.dispatcher;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How the dispatcher fires schedules. docs/decisions/0053 has the reasons.
 *
 * @param lookInterval how often it is looked whether a schedule is due; one fires at most this much late, and two commits
 * @param perTurn the most firings in one go, before changes of schedules that came meanwhile have their turn
 * @param inTime how late a firing may be decided without being a missed one
 * @param catchUp how far back missed firings are made good, each of them, of schedules whose {@code missed} is {@code all}
 */
@ConfigurationProperties("tailrace.dispatcher.schedules")
public record ScheduleDispatchSettings(
        @Bindable(defaultValue = "100ms") Duration lookInterval,
        @Bindable(defaultValue = "100") int perTurn,
        @Bindable(defaultValue = "30s") Duration inTime,
        @Bindable(defaultValue = "1d") Duration catchUp) {
    /** Checks the ranges. */
    public ScheduleDispatchSettings {
        check("look-interval", lookInterval, lookInterval.toMillis() >= 1, "at least 1 ms");
        check("per-turn", perTurn, perTurn >= 1, "at least 1");
        check("in-time", inTime, inTime.toMillis() >= 1_000, "at least 1 s");
        check(
                "catch-up",
                catchUp,
                catchUp.compareTo(inTime) >= 0 && catchUp.toDays() <= 366,
                "at least in-time and at most 366 days");
    }

    private static void check(String name, Object value, boolean valid, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "tailrace.dispatcher.schedules." + name + ": " + value + ", expected " + expected);
        }
    }
}
