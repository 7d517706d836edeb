package io.tailrace.kit.http;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.List;

/**
 * Limits of connections in number and time, and headers of every answer. The limits in size are in {@code
 * tailrace-defaults.yml}, because the server reads them itself.
 *
 * @param maxConnections open at once, streams among them; one more is answered 503 and closed. The port of gRPC may have as
 *     many of its own, and closes one more. Keep both together below the process's limit of file descriptors
 * @param maxConnectionsPerAddress open at once from one address (of IPv6 from one /64), this machine's own and those of
 *     {@code tailrace.limits.trusted-proxies} aside; one more is answered 503 and closed; 0: as many as there may be. The port of gRPC
 *     counts its own
 * @param retryAfter what the 503 says
 * @param refusalWait how long a connection over a limit in clear text may take to show its request, so that an {@code
 *     EventSource} is known, which comes back if its connection ends without an answer and gives up for ever on a 503
 * @param maxRefusalsWaiting connections over a limit whose requests are awaited at once; one more is answered 503 before it is
 *     read
 * @param headTimeout from a new connection to the end of its first request's headers, and over gRPC to the client's preface
 * @param requestTimeout from the end of a request's headers to the end of its body; as much again for each time in which a MiB of it came
 * @param keepAliveTimeout from the end of an answer to the end of the next request's headers
 * @param allowedOrigins origins whose pages may read answers and write from another origin (CORS); {@code *} is any origin,
 *     and then without cookies. Streams have {@code tailrace.edge.allowed-origins}
 * @param contentSecurityPolicy of every answer that does not bring its own
 */
@ConfigurationProperties("tailrace.http")
public record HttpSettings(
        @Bindable(defaultValue = "16000") int maxConnections,
        @Bindable(defaultValue = "4000") int maxConnectionsPerAddress,
        @Bindable(defaultValue = "5s") Duration retryAfter,
        @Bindable(defaultValue = "1s") Duration refusalWait,
        @Bindable(defaultValue = "1000") int maxRefusalsWaiting,
        @Bindable(defaultValue = "10s") Duration headTimeout,
        @Bindable(defaultValue = "60s") Duration requestTimeout,
        @Bindable(defaultValue = "75s") Duration keepAliveTimeout,
        @Bindable(defaultValue = "") List<String> allowedOrigins,
        @Bindable(
                        defaultValue = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                                + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
                String contentSecurityPolicy) {
    /** Checks the range, and leaves out origins that are blank, as an empty variable makes one. */
    public HttpSettings {
        if (maxConnectionsPerAddress < 0) {
            throw new IllegalArgumentException(
                    "tailrace.http.max-connections-per-address: " + maxConnectionsPerAddress + ", expected at least 0");
        }
        allowedOrigins =
                allowedOrigins.stream().filter(origin -> !origin.isBlank()).toList();
    }
}
