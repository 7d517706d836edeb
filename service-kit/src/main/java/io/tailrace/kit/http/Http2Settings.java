package io.tailrace.kit.http;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * HTTP/2 beside HTTP/1.1 on the same ports: over TLS by ALPN, in clear text for clients that know (RFC 9113, section 3.3).
 * Immutable.
 *
 * @param enabled whether it is spoken
 * @param maxStreams requests and streams that are open at the same time on one connection (SETTINGS_MAX_CONCURRENT_STREAMS)
 * @param maxHeaderListBytes the fields of one request, its target among them, as RFC 9113 section 6.5.2 counts them; more
 *     is answered 431
 */
@ConfigurationProperties("tailrace.http.http2")
public record Http2Settings(
        @Bindable(defaultValue = "true") boolean enabled,
        @Bindable(defaultValue = "128") long maxStreams,
        @Bindable(defaultValue = "32768") long maxHeaderListBytes) {
    /** Checks the ranges that nobody else checks. */
    public Http2Settings {
        if (maxStreams < 1) {
            throw new IllegalArgumentException("tailrace.http.http2.max-streams: " + maxStreams + ", expected above 0");
        }
    }
}
