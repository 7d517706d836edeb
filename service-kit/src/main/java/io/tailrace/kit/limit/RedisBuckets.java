package io.tailrace.kit.limit;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Requires;
import io.tailrace.kit.redis.RedisLink;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shared buckets, in Redis, with a connection of their own. A write waits for them for {@link
 * LimitSettings#askTimeout()} at most. The first that waits in vain closes the way for all: from then on nobody waits, and
 * a single {@code PING} every {@link LimitSettings#askAgainAfter()}, for which nobody waits either, opens it again.
 * Thread-safe; never blocks.
 */
@Singleton
@Requires(classes = {RedisClient.class, Bucket4jLettuce.class})
final class RedisBuckets implements SharedBuckets {
    private static final Logger LOG = LoggerFactory.getLogger(RedisBuckets.class);
    private static final String PREFIX = "tailrace:limit:";

    /** Beyond the time in which a bucket is full again, for clocks of nodes that differ. */
    private static final Duration KEPT_LONGER = Duration.ofSeconds(10);

    /** Two nodes that ask about one caller at one moment: one of them asks again, and so often at most. */
    private static final int MAX_ATTEMPTS = 8;

    private final RedisLink redis;
    private final LimitSettings settings;
    private final AtomicLong probeAtNs = new AtomicLong(System.nanoTime());
    private volatile @Nullable StatefulRedisConnection<String, byte[]> connection;
    private volatile @Nullable AsyncProxyManager<String> open;

    RedisBuckets(RedisLink redis, LimitSettings settings, MeterRegistry registry) {
        this.redis = redis;
        this.settings = settings;
        Gauge.builder("tailrace.limits.shared", this, me -> me.open == null ? 0 : 1)
                .description(
                        "Whether the limits are shared through Redis at present; 0 also before they are first asked")
                .register(registry);
    }

    @Override
    public @Nullable CompletableFuture<Share> take(String caller, Allowance allowance, int writes) {
        AsyncProxyManager<String> buckets = open;
        if (buckets == null) {
            probe();
            return null;
        }
        BucketConfiguration configuration = allowance.bucket();
        return buckets.getProxy(PREFIX + caller, () -> CompletableFuture.completedFuture(configuration))
                .tryConsumeAndReturnRemaining(writes)
                .orTimeout(settings.askTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(probe ->
                        new Share(probe.isConsumed(), probe.getRemainingTokens(), probe.getNanosToWaitForRefill()))
                .whenComplete((share, fault) -> {
                    if (fault != null) {
                        close(fault);
                    }
                });
    }

    private void close(Throwable fault) {
        if (open != null) {
            open = null;
            probeAtNs.set(System.nanoTime() + settings.askAgainAfter().toNanos());
            LOG.warn("Redis does not answer, so each node limits writes alone: {}", fault.toString());
        }
    }

    /** Finds out whether Redis is there, unless that was tried just now. */
    private void probe() {
        long now = System.nanoTime();
        long due = probeAtNs.get();
        if (now - due < 0
                || !probeAtNs.compareAndSet(due, now + settings.askAgainAfter().toNanos())) {
            return;
        }
        var unused = connected()
                .thenCompose(made -> made.async().ping().thenApply(pong -> made))
                .whenComplete((made, fault) -> {
                    if (fault == null) {
                        open = buckets(made);
                        LOG.info("Redis answers: nodes share the limits of writes");
                    } else {
                        LOG.debug("Redis is away still", fault);
                    }
                });
    }

    private CompletionStage<StatefulRedisConnection<String, byte[]>> connected() {
        StatefulRedisConnection<String, byte[]> present = connection;
        if (present != null) {
            return CompletableFuture.completedFuture(present);
        }
        // Made once, and by one at a time because of the probe's turn; then it comes back by itself.
        return redis.connectBytes().thenApply(made -> {
            connection = made;
            return made;
        });
    }

    private static AsyncProxyManager<String> buckets(StatefulRedisConnection<String, byte[]> connection) {
        return Bucket4jLettuce.casBasedBuilder(connection)
                .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT_LONGER))
                .maxRetries(MAX_ATTEMPTS)
                .build()
                .asAsync();
    }
}
