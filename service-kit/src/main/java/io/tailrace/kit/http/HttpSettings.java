package io.tailrace.kit.http;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.List;

/**
 * Limits of connections in number and time, and headers of every answer. The limits in size are in {@code
 * tailrace-defaults.yml}, because the server reads them itself.
 *
 * @param maxConnections open at once, streams among them; one more is answered 503 and closed. Keep it below the
 *     process's limit of file descriptors
 * @param retryAfter what the 503 says
 * @param headTimeout from a new connection to the end of its first request's headers
 * @param requestTimeout from the end of a request's headers to the end of its body, at whatever speed it comes
 * @param keepAliveTimeout from the end of an answer to the end of the next request's headers
 * @param allowedOrigins origins whose pages may read answers and write from another origin (CORS); {@code *} is any origin,
 *     and then without cookies. Streams have {@code tailrace.edge.allowed-origins}
 * @param contentSecurityPolicy of every answer that does not bring its own
 */
@ConfigurationProperties("tailrace.http")
public record HttpSettings(
        @Bindable(defaultValue = "16000") int maxConnections,
        @Bindable(defaultValue = "5s") Duration retryAfter,
        @Bindable(defaultValue = "10s") Duration headTimeout,
        @Bindable(defaultValue = "60s") Duration requestTimeout,
        @Bindable(defaultValue = "75s") Duration keepAliveTimeout,
        @Bindable(defaultValue = "") List<String> allowedOrigins,
        @Bindable(
                        defaultValue = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                                + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
                String contentSecurityPolicy) {
    /** Leaves out origins that are blank, as an empty variable makes one. */
    public HttpSettings {
        allowedOrigins =
                allowedOrigins.stream().filter(origin -> !origin.isBlank()).toList();
    }
}
