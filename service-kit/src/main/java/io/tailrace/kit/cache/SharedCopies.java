package io.tailrace.kit.cache;

import io.lettuce.core.SetArgs;
import io.tailrace.kit.redis.RedisAway;
import io.tailrace.kit.redis.RedisLink;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Texts in Redis that other processes may use. Redis may be away, empty, or have what is long out of date: whoever reads looks at
 * the version. After a failure it is not asked for a while, so that a Redis that hangs costs one read its timeout and not every one.
 * Thread-safe; blocks for {@link io.tailrace.kit.redis.RedisSettings#timeout()} at most.
 */
final class SharedCopies implements Copies {
    private static final Logger LOG = LoggerFactory.getLogger(SharedCopies.class);

    private final RedisLink redis;
    private final Duration keep;
    private final long restMs;
    private final LongSupplier nowMs;
    private volatile long awayUntilMs = Long.MIN_VALUE;

    /**
     * Copies that live for a while.
     *
     * @param keep how long a copy lives
     * @param rest how long Redis is not asked after a failure
     */
    SharedCopies(RedisLink redis, Duration keep, Duration rest, LongSupplier nowMs) {
        this.redis = redis;
        this.keep = keep;
        this.restMs = rest.toMillis();
        this.nowMs = nowMs;
    }

    @Override
    public Optional<String> get(String name) {
        if (isResting()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(redis.call(commands -> commands.get(name)));
        } catch (RedisAway e) {
            rest(e);
            return Optional.empty();
        }
    }

    @Override
    public void put(String name, String text) {
        if (!isResting()) {
            try {
                var unused = redis.call(commands -> commands.set(name, text, SetArgs.Builder.px(keep)));
            } catch (RedisAway e) {
                rest(e);
            }
        }
    }

    @Override
    public void delete(String name) {
        try {
            var unused = redis.call(commands -> commands.del(name));
        } catch (RedisAway e) {
            rest(e);
        }
    }

    private boolean isResting() {
        return nowMs.getAsLong() < awayUntilMs;
    }

    private void rest(RedisAway cause) {
        LOG.debug("Copies in Redis are left out for {} ms: {}", restMs, cause.getMessage());
        awayUntilMs = nowMs.getAsLong() + restMs;
    }
}
