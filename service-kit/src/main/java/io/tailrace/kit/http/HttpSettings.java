package io.tailrace.kit.http;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * Limits in time of one connection, and headers of every answer. The limits in size are in {@code
 * tailrace-defaults.yml}, because the server reads them itself.
 *
 * @param headTimeout from a new connection to the end of its first request's headers
 * @param requestTimeout from the end of a request's headers to the end of its body, at whatever speed it comes
 * @param keepAliveTimeout from the end of an answer to the end of the next request's headers
 * @param contentSecurityPolicy of every answer that does not bring its own
 */
@ConfigurationProperties("tailrace.http")
public record HttpSettings(
        @Bindable(defaultValue = "10s") Duration headTimeout,
        @Bindable(defaultValue = "60s") Duration requestTimeout,
        @Bindable(defaultValue = "75s") Duration keepAliveTimeout,
        @Bindable(
                        defaultValue = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
                                + " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors"
                                + " 'none'")
                String contentSecurityPolicy) {}
