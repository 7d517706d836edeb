package io.tailrace.kit.redis;

import org.jspecify.annotations.Nullable;

/** Redis cannot be reached, or does not do what it is asked. What was asked may have been done. */
public final class RedisAway extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RedisAway(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
