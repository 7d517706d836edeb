package io.tailrace.kit.outbound;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What became of a request, after its last attempt. Immutable; arrays are not copied. */
public sealed interface OutboundOutcome {
    /**
     * The server answered, with whatever status.
     *
     * @param status the status
     * @param headers by their names in small letters
     * @param body the body, decompressed; at most {@link OutboundBounds#maxBodyBytes()}
     * @param isCut whether the body was longer and only its beginning was kept, as the request wished
     * @param retryAfter how long the server wants to be left alone ({@code Retry-After}); empty if it did not say
     */
    record Answered(
            int status, Map<String, List<String>> headers, byte[] body, boolean isCut, Optional<Duration> retryAfter)
            implements OutboundOutcome {
        /** The first value of a header. */
        public Optional<String> header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                    .findFirst();
        }

        /** Whether the status is 2xx. */
        public boolean isSuccess() {
            return status / 100 == 2;
        }
    }

    /**
     * There is no answer.
     *
     * @param reason why
     * @param detail the same for an operator's log. It may name addresses of this network: do not show it to whoever named the
     *     address
     */
    record Failed(Reason reason, String detail) implements OutboundOutcome {}

    /** Why there is no answer. */
    enum Reason {
        /** The URL is malformed or not http or https. Nothing was sent. */
        URL_INVALID,
        /** The guard refused the address. Nothing was sent to it. */
        ADDRESS_REFUSED,
        /** The name has no address, or that was not found out in time. Nothing was sent. */
        NAME_NOT_RESOLVED,
        /** No connection could be made. Nothing was sent. */
        NOT_CONNECTED,
        /** TLS failed: a certificate that is not trusted, of another name or too old, or no common version. */
        TLS_FAILED,
        /** There was no answer in time. The server may have done what it was asked. */
        TIMED_OUT,
        /** The connection broke, or what came was not HTTP. The server may have done what it was asked. */
        BROKEN,
        /** The body is larger than allowed. */
        ANSWER_TOO_LARGE,
        /** A redirect leads to another scheme, nowhere, or on and on. */
        REDIRECT_REFUSED,
        /** The host failed too often just now and is left alone. Nothing was sent. */
        CIRCUIT_OPEN,
        /** Too many requests are under way, and none ended in time. Nothing was sent. */
        BUSY
    }
}
