package io.tailrace.contracts.bridge;

import org.jspecify.annotations.Nullable;

/**
 * How a bridge checks its source over TLS.
 *
 * @param serverName the name that the source's certificate has to have; null for the host of the target
 * @param certificates the authorities that the source's certificate may come from, as PEM; null for those of the Java platform
 */
public record BridgeTls(@Nullable String serverName, @Nullable String certificates) {
    /** The most characters of {@link #certificates}. */
    public static final int MAX_CERTIFICATES = 32_768;
}
