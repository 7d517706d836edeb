package io.tailrace.workers.answer;

import io.tailrace.kit.answer.AnswersSettings;
import io.tailrace.workers.answer.CallOutcome.Fault;
import java.time.Duration;

/**
 * How long a provider may take, and what is said of one that takes longer. Times are milliseconds of one clock that does not jump. For one
 * thread.
 */
final class ProviderPatience {
    /** The reason of an answer whose time is over. */
    static final String TOOK_TOO_LONG = "answer_took_too_long";

    private static final String TIMED_OUT = "provider_timed_out";

    private final AnswersSettings settings;
    private final long startMs;
    private final long endMs;
    private long tokenMs;
    private boolean hasBegun;

    /**
     * Patience with one provider.
     *
     * @param startMs when it is asked
     * @param endMs when the time of the answer is over
     */
    ProviderPatience(AnswersSettings settings, long startMs, long endMs) {
        this.settings = settings;
        this.startMs = startMs;
        this.endMs = endMs;
        this.tokenMs = startMs;
    }

    /** A token has come. */
    void token(long nowMs) {
        hasBegun = true;
        tokenMs = nowMs;
    }

    /** Whether a token has come. */
    boolean hasBegun() {
        return hasBegun;
    }

    /** How long the whole answer may take from its start, at least 1 ms. */
    Duration deadline() {
        return Duration.ofMillis(Math.max(1, endMs - startMs));
    }

    /** How long the provider may take until the next token; what is no token gives it no more time. */
    long leftMs(long nowMs) {
        return tokenMs + limit().toMillis() - nowMs;
    }

    /** What has happened if it was waited for until now and no longer. */
    Fault timedOut(long nowMs) {
        if (nowMs - startMs >= deadline().toMillis()) {
            return tookTooLong(settings);
        }
        if (leftMs(nowMs) > 0) {
            // Of connecting, and of sending a request, with timeouts of their own.
            return new Fault(TIMED_OUT, "The connection to the provider timed out", false);
        }
        long limitMs = limit().toMillis();
        return new Fault(
                TIMED_OUT,
                hasBegun
                        ? "The provider said nothing for " + limitMs + " ms"
                        : "The provider gave no token within " + limitMs + " ms",
                false);
    }

    /** An answer whose time is over. */
    static Fault tookTooLong(AnswersSettings settings) {
        return new Fault(
                TOOK_TOO_LONG,
                "The answer was not complete within " + settings.deadline().toMillis() + " ms",
                true);
    }

    private Duration limit() {
        return hasBegun ? settings.nextTokenTimeout() : settings.firstTokenTimeout();
    }
}
