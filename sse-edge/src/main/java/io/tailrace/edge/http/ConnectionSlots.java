package io.tailrace.edge.http;

import io.tailrace.edge.EdgeSettings;
import io.tailrace.kit.limit.AddressCounts;
import jakarta.inject.Singleton;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The open streams of this edge, over all event loops, against their limit. Thread-safe. */
@Singleton
final class ConnectionSlots {
    /** How far over the limit streams may be while those that make room for them are being closed: a tenth. */
    private static final int OVERSHOOT_DIVISOR = 10;

    private final int limit;
    private final EdgeSettings.ConnectionLimitPolicy policy;
    private final long retryAfterMs;
    private final Set<SlotHolder> open = new LinkedHashSet<>();
    private final AddressCounts byAddress;
    private int taken;
    private boolean draining;

    ConnectionSlots(EdgeSettings settings) {
        this.limit = settings.maxConnections();
        this.byAddress = new AddressCounts(settings.maxConnectionsPerAddress());
        this.policy = settings.connectionLimitPolicy();
        this.retryAfterMs = settings.retryAfter().toMillis();
    }

    /** Whether {@link #take} would refuse now: to be asked before anything costly is done for a request. */
    synchronized boolean isFull() {
        return draining || taken >= most();
    }

    /** Takes a slot for a connection, to be given back by {@link #release}; false if there is none. */
    synchronized boolean take(SlotHolder connection) {
        if (isFull() || !byAddress.take(connection.address())) {
            return false;
        }
        taken++;
        open.add(connection);
        return true;
    }

    /** The stream that has to make room for the newest one, which was opened first; null if there is room. */
    synchronized @Nullable SlotHolder surplus() {
        // Those that were chosen before are on their way out and no longer in the set.
        if (open.size() <= limit) {
            return null;
        }
        Iterator<SlotHolder> oldest = open.iterator();
        SlotHolder surplus = oldest.next();
        oldest.remove();
        return surplus;
    }

    /** Whether a client with this address has as many as one may have; null is nobody's. */
    boolean isFull(@Nullable String address) {
        return byAddress.isFull(address);
    }

    /** The connection is gone. */
    synchronized void release(SlotHolder connection) {
        byAddress.release(connection.address());
        taken--;
        open.remove(connection);
    }

    /** From now on nothing is taken any more. */
    synchronized void drain() {
        draining = true;
    }

    synchronized boolean isDraining() {
        return draining;
    }

    /** Connections with a stream, those among them that are being closed too. */
    synchronized int taken() {
        return taken;
    }

    /** The most streams that there may be. */
    int limit() {
        return limit;
    }

    /** Seconds for {@code Retry-After}, jittered from half to one and a half, so that a crowd does not come back as one. */
    long retryAfterSeconds() {
        long ms = retryAfterMs / 2 + ThreadLocalRandom.current().nextLong(retryAfterMs + 1);
        return Math.max(1, (ms + 999) / 1000);
    }

    private int most() {
        return policy == EdgeSettings.ConnectionLimitPolicy.REFUSE
                ? limit
                : limit + Math.max(1, limit / OVERSHOOT_DIVISOR);
    }
}
