package io.tailrace.dispatcher;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How the dispatcher decides on jobs. Which queues there are, and their limits, is in the queue file; docs/decisions/0047 has the
 * reasons.
 *
 * @param threads stream threads that decide on jobs, 1 to 6 of use
 * @param lookInterval how often it is looked whether a job is due or a lease has run out; a job is released at most this much late,
 *     and two commits
 * @param quiet a decision before which there was none for so long is told at once; others wait for {@code
 *     tailrace.dispatcher.commit-interval}. A job needs two decisions to begin, some ten milliseconds apart
 * @param perTurn the most jobs that become ready, are released, end or are forgotten in one go because time has passed, before
 *     commands that came meanwhile have their turn
 * @param releasesPerTurn the most jobs that one command releases; the rest of what it makes room for follows by {@code lookInterval}
 * @param lease how long a running attempt may be silent before its worker is taken for lost and the attempt has failed
 * @param releaseTimeout how long a released job may wait for a worker before its record is taken for lost and it is released again
 * @param keepFinished how long a job that succeeded or was cancelled is known; afterwards it is as if it had never been
 * @param keepDead how long a dead job is known, and can be retried
 */
@ConfigurationProperties("tailrace.dispatcher.jobs")
public record JobDispatchSettings(
        @Bindable(defaultValue = "1") int threads,
        @Bindable(defaultValue = "50ms") Duration lookInterval,
        @Bindable(defaultValue = "4ms") Duration quiet,
        @Bindable(defaultValue = "500") int perTurn,
        @Bindable(defaultValue = "50") int releasesPerTurn,
        @Bindable(defaultValue = "30s") Duration lease,
        @Bindable(defaultValue = "10m") Duration releaseTimeout,
        @Bindable(defaultValue = "1h") Duration keepFinished,
        @Bindable(defaultValue = "7d") Duration keepDead) {
    /** Checks the ranges. */
    public JobDispatchSettings {
        check("threads", threads, threads >= 1 && threads <= 64, "1 to 64");
        check("look-interval", lookInterval, lookInterval.toMillis() >= 1, "at least 1 ms");
        check("quiet", quiet, quiet.toMillis() >= 1, "at least 1 ms");
        check("per-turn", perTurn, perTurn >= 1, "at least 1");
        check("releases-per-turn", releasesPerTurn, releasesPerTurn >= 1, "at least 1");
        check("lease", lease, lease.toMillis() >= 1_000, "at least 1 s");
        check("release-timeout", releaseTimeout, releaseTimeout.toMillis() >= 1_000, "at least 1 s");
        check("keep-finished", keepFinished, keepFinished.toSeconds() >= 60, "at least a minute");
        check("keep-dead", keepDead, keepDead.toSeconds() >= 60, "at least a minute");
    }

    private static void check(String name, Object value, boolean valid, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "tailrace.dispatcher.jobs." + name + ": " + value + ", expected " + expected);
        }
    }
}
