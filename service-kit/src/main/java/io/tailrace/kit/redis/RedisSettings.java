package io.tailrace.kit.redis;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How to reach Redis. Immutable.
 *
 * @param url where it is: {@code redis://[[user]:password@]host[:port][/database]}, or {@code rediss:} for TLS
 * @param timeout the longest wait for a connection and for an answer; then it counts as away
 * @param retryAfter how long it is not asked again after it could not be reached, and the longest pause before a
 *     broken connection is made again
 */
@ConfigurationProperties("tailrace.redis")
public record RedisSettings(
        @Bindable(defaultValue = "redis://127.0.0.1:6379") String url,
        @Bindable(defaultValue = "500ms") Duration timeout,
        @Bindable(defaultValue = "1s") Duration retryAfter) {}
