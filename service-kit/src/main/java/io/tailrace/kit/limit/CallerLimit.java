package io.tailrace.kit.limit;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.LocalBucketBuilder;
import io.tailrace.kit.limit.SharedBuckets.Share;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What one caller may still write at this node. Three buckets: the node's own, from which every write takes, so that one
 * node alone is exact and remains so without Redis; a small lease, which spares the usual write the way to Redis; and the
 * one that all nodes share, which is asked when the lease is used up. With {@code n} nodes a caller has at most the burst
 * and {@code n} leases at once, and one tenth of the rate more for each node. Thread-safe; never blocks.
 */
final class CallerLimit {
    private final String caller;
    private final Allowance allowance;
    private final Bucket own;
    private final Bucket lease;

    CallerLimit(String caller, Allowance allowance, TimeMeter clock) {
        this.caller = caller;
        this.allowance = allowance;
        this.own = bucket(allowance.bucket(), clock);
        this.lease = bucket(allowance.lease(), clock);
    }

    /**
     * Takes one write.
     *
     * @param shared null if this node knows of no others
     * @return done already unless Redis is asked; never exceptional
     */
    CompletableFuture<Ruling> take(@Nullable SharedBuckets shared, LimitMeters meters) {
        ConsumptionProbe mine = own.tryConsumeAndReturnRemaining(1);
        if (!mine.isConsumed()) {
            return CompletableFuture.completedFuture(refused(mine.getNanosToWaitForRefill()));
        }
        Ruling allowed = new Ruling(allowance, true, mine.getRemainingTokens(), 0);
        if (shared == null || lease.tryConsume(1)) {
            return CompletableFuture.completedFuture(allowed);
        }
        CompletableFuture<Share> share = shared.take(caller, allowance, allowance.fetch());
        if (share == null) {
            meters.alone();
            return CompletableFuture.completedFuture(allowed);
        }
        return share.handle((found, fault) -> {
            if (found == null) {
                meters.alone();
                return allowed;
            }
            return ruling(found, allowed);
        });
    }

    private Ruling ruling(Share found, Ruling allowed) {
        if (!found.taken()) {
            return refused(found.waitNs());
        }
        if (allowance.fetch() > 1) {
            lease.addTokens(allowance.fetch() - 1L);
        }
        return new Ruling(allowance, true, Math.min(found.remaining(), allowed.remaining()), 0);
    }

    private Ruling refused(long waitNs) {
        return new Ruling(allowance, false, 0, waitNs);
    }

    private static Bucket bucket(BucketConfiguration configuration, TimeMeter clock) {
        LocalBucketBuilder builder = Bucket.builder().withCustomTimePrecision(clock);
        for (var limit : configuration.getBandwidths()) {
            builder.addLimit(limit);
        }
        return builder.build();
    }
}
