package io.tailrace.kit.outbound;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request to another server. Immutable.
 *
 * @param purpose what it is for, as in {@code webhook}: the tag of its metrics, so one of few, in {@code [a-z0-9-]}
 * @param method the HTTP method, in capitals
 * @param url where to; the scheme is http or https
 * @param headers in their order
 * @param body the body; null if it has none
 * @param isPersonal whether a person has named the address, so that it must be one of the public internet
 * @param followsRedirects whether GET and HEAD go where a redirect leads
 * @param deadline how long it may take altogether; null for {@link OutboundBounds#deadline()}
 * @param keepBytes how much of a longer body is kept; 0 if an answer that is too long is a failure
 * @param secrets texts that must not be in the log, wherever in the request they are
 */
public record OutboundRequest(
        String purpose,
        String method,
        String url,
        List<Header> headers,
        @Nullable Body body,
        boolean isPersonal,
        boolean followsRedirects,
        @Nullable Duration deadline,
        int keepBytes,
        List<String> secrets) {
    private static final String IDEMPOTENCY_KEY = "idempotency-key";

    /** RFC 9110, 9.2.2, without TRACE and CONNECT. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD");

    /** The body of a request. The array is not copied and must not be changed. */
    public record Body(byte[] bytes) {}

    /** A header of a request. */
    public record Header(String name, String value) {
        /** Checks it: RFC 9110, 5.1 and 5.5, and ASCII alone. */
        public Header {
            if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
                throw new IllegalArgumentException("header name \"" + name + "\": expected a token of RFC 9110");
            }
            if (!value.matches("[\\x20-\\x7e\\t]*")) {
                throw new IllegalArgumentException("the value of the header " + name + ": expected printable ASCII");
            }
        }

        boolean isNamed(String other) {
            return name.equalsIgnoreCase(other);
        }

        String lowerCaseName() {
            return name.toLowerCase(Locale.ROOT);
        }
    }

    /** Checks what does not depend on the address. */
    public OutboundRequest {
        if (!purpose.matches("[a-z0-9-]{1,32}")) {
            throw new IllegalArgumentException("purpose \"" + purpose + "\": expected 1 to 32 of [a-z0-9-]");
        }
        if (!method.matches("[A-Z]{1,16}")) {
            throw new IllegalArgumentException("method \"" + method + "\": expected capitals");
        }
        if (body != null && WITHOUT_BODY.contains(method)) {
            throw new IllegalArgumentException(method + " has no body");
        }
        headers = List.copyOf(headers);
        secrets = secrets.stream().filter(secret -> !secret.isEmpty()).toList();
    }

    /** A request with GET. */
    public static OutboundRequest get(String purpose, String url) {
        return new OutboundRequest(purpose, "GET", url, List.of(), null, false, false, null, 0, List.of());
    }

    /** A request with a body. */
    public static OutboundRequest of(String purpose, String method, String url, String contentType, byte[] body) {
        List<Header> headers = List.of(new Header("Content-Type", contentType));
        return new OutboundRequest(purpose, method, url, headers, new Body(body), false, false, null, 0, List.of());
    }

    /** With one more header. */
    public OutboundRequest with(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new OutboundRequest(
                purpose, method, url, more, body, isPersonal, followsRedirects, deadline, keepBytes, secrets);
    }

    /** To an address that a person has named: no private address is connected to. */
    public OutboundRequest personal() {
        return new OutboundRequest(
                purpose, method, url, headers, body, true, followsRedirects, deadline, keepBytes, secrets);
    }

    /** Going where a redirect leads, at most {@link Redirects#MOST} times. */
    public OutboundRequest followingRedirects() {
        return new OutboundRequest(purpose, method, url, headers, body, isPersonal, true, deadline, keepBytes, secrets);
    }

    /** With a deadline of its own. */
    public OutboundRequest within(Duration time) {
        return new OutboundRequest(
                purpose, method, url, headers, body, isPersonal, followsRedirects, time, keepBytes, secrets);
    }

    /** Content with the first bytes of the answer's body. */
    public OutboundRequest keeping(int bytes) {
        return new OutboundRequest(
                purpose, method, url, headers, body, isPersonal, followsRedirects, deadline, bytes, secrets);
    }

    /** With a text that is not to be seen in the log, such as a token in the path. */
    public OutboundRequest hiding(String secret) {
        List<String> all = Stream.concat(secrets.stream(), Stream.of(secret)).toList();
        return new OutboundRequest(
                purpose, method, url, headers, body, isPersonal, followsRedirects, deadline, keepBytes, all);
    }

    /** Whether making it twice does what making it once does: by its method, or because it has an idempotency key. */
    public boolean isRepeatable() {
        return IDEMPOTENT.contains(method) || headers.stream().anyMatch(header -> header.isNamed(IDEMPOTENCY_KEY));
    }

    boolean isSafe() {
        return WITHOUT_BODY.contains(method);
    }

    Duration deadlineOr(Duration otherwise) {
        return Objects.requireNonNullElse(deadline, otherwise);
    }
}
