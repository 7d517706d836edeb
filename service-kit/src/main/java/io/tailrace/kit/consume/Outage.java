package io.tailrace.kit.consume;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a loop knows about its failures: since when they last, and which of them are worth a line of log. A server that is away
 * for an hour is a line a minute. Pure; not thread-safe.
 */
final class Outage {
    /** Between two lines about the same outage. */
    static final long LOG_EVERY_MS = 60_000;

    private Condition.@Nullable Retrying current;
    private long loggedAtMs;

    /**
     * An attempt has failed.
     *
     * @param reason in a few words
     * @param at the time of day, for people
     * @param nowMs of a clock that does not go back
     * @return whether to say so in the log
     */
    boolean failed(String reason, Instant at, long nowMs) {
        Condition.Retrying before = current;
        current = new Condition.Retrying(reason, before == null ? at : before.since());
        boolean told = before != null && nowMs - loggedAtMs < LOG_EVERY_MS;
        if (!told) {
            loggedAtMs = nowMs;
        }
        return !told;
    }

    /**
     * An attempt has succeeded.
     *
     * @return since when that had not happened; null if the one before had succeeded as well
     */
    @Nullable
    Instant over() {
        Condition.Retrying before = current;
        current = null;
        return before == null ? null : before.since();
    }

    /** What fails and since when; null if nothing does. */
    Condition.@Nullable Retrying current() {
        return current;
    }
}
