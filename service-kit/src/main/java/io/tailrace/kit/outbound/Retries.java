package io.tailrace.kit.outbound;

import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.outbound.OutboundOutcome.Answered;
import io.tailrace.kit.outbound.OutboundOutcome.Failed;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Decides whether a request is made again, and when. One for each request; pure but for the dice that are passed in. */
final class Retries {
    /** Statuses that may be another one soon. */
    private static final Set<Integer> TRANSIENT = Set.of(408, 425, 429, 500, 502, 503, 504);

    private final OutboundRequest request;
    private final int attempts;
    private final Backoff pauses;
    private int made;

    Retries(OutboundRequest request, OutboundBounds bounds, RandomGenerator random) {
        this.request = request;
        this.attempts = bounds.attempts();
        this.pauses = new Backoff(bounds.retryFirst(), bounds.retryLongest(), random);
    }

    /**
     * The pause before the next attempt, in milliseconds; empty if this was the last one. A server that wants to be left alone
     * for longer than there is time is not asked again.
     *
     * @param outcome of the attempt that has just ended
     * @param leftMs until the request's deadline
     */
    OptionalLong pauseMs(OutboundOutcome outcome, long leftMs) {
        made++;
        if (made >= attempts || !request.isRepeatable() || !isTransient(outcome)) {
            return OptionalLong.empty();
        }
        long pauseMs = Math.max(pauses.nextMs(), wishMs(outcome));
        return pauseMs < leftMs ? OptionalLong.of(pauseMs) : OptionalLong.empty();
    }

    private static long wishMs(OutboundOutcome outcome) {
        return switch (outcome) {
            case Answered answered ->
                answered.retryAfter().map(Duration::toMillis).orElse(0L);
            case Failed failed -> 0;
        };
    }

    private static boolean isTransient(OutboundOutcome outcome) {
        return switch (outcome) {
            case Answered answered -> TRANSIENT.contains(answered.status());
            case Failed failed ->
                switch (failed.reason()) {
                    case NAME_NOT_RESOLVED, NOT_CONNECTED, TIMED_OUT, BROKEN -> true;
                    case URL_INVALID,
                            ADDRESS_REFUSED,
                            TLS_FAILED,
                            ANSWER_TOO_LARGE,
                            REDIRECT_REFUSED,
                            CIRCUIT_OPEN,
                            BUSY -> false;
                };
        };
    }

    /** Whether an outcome tells that a host is not well, which opens its circuit; empty if it says nothing about it. */
    static Optional<Boolean> isHostsFault(OutboundOutcome outcome) {
        return switch (outcome) {
            case Answered answered -> Optional.of(answered.status() >= 500);
            case Failed failed ->
                switch (failed.reason()) {
                    case NAME_NOT_RESOLVED, NOT_CONNECTED, TLS_FAILED, TIMED_OUT, BROKEN -> Optional.of(true);
                    case ANSWER_TOO_LARGE -> Optional.of(false);
                    case URL_INVALID, ADDRESS_REFUSED, REDIRECT_REFUSED, CIRCUIT_OPEN, BUSY -> Optional.empty();
                };
        };
    }
}
