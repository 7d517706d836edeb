package io.tailrace.kit.consume;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a loop knows about its failures: since when they last, and which of them are worth a line of log. A server that is away
 * for an hour is a line a minute, and so is one that comes and goes. Pure; not thread-safe.
 */
final class Outage {
    /** Between two lines about failures, whether something has worked between them or not. */
    static final long LOG_EVERY_MS = 60_000;

    private Condition.@Nullable Retrying current;
    private @Nullable Long loggedAtMs;
    private boolean told;

    /**
     * It is over.
     *
     * @param since when it began
     * @param told whether the log has a line about its beginning, so that one about its end is due
     */
    record Over(Instant since, boolean told) {}

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
        boolean due = loggedAtMs == null || nowMs - loggedAtMs >= LOG_EVERY_MS;
        if (due) {
            loggedAtMs = nowMs;
            told = true;
        }
        return due;
    }

    /**
     * An attempt has succeeded.
     *
     * @return what is over by that; null if the one before had succeeded as well
     */
    @Nullable
    Over over() {
        Condition.Retrying before = current;
        boolean wasTold = told;
        current = null;
        told = false;
        return before == null ? null : new Over(before.since(), wasTold);
    }

    /** What fails and since when; null if nothing does. */
    Condition.@Nullable Retrying current() {
        return current;
    }
}
