package io.tailrace.edge.loop;

import io.tailrace.edge.stream.FaultListener;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the exceptions that a loop has survived, and logs each kind with its stack trace once a minute at most: what throws
 * for one stream may throw for ten thousand. Used on the loop's thread, but for {@link #total}.
 */
final class FaultLog implements FaultListener {
    private static final Logger LOG = LoggerFactory.getLogger(FaultLog.class);
    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A bound for the memory only: there are a few dozen words for what a loop does, and few classes of exceptions. */
    private static final int MAX_KINDS = 256;

    private record Kind(String during, Class<?> cause) {}

    private static final class Seen {
        private long loggedAtNanos;
        private long unlogged;
    }

    private final String loop;
    private final Map<Kind, Seen> kinds = new HashMap<>();
    private final AtomicLong total = new AtomicLong();

    FaultLog(String loop) {
        this.loop = loop;
    }

    @Override
    public void onFault(String during, Throwable cause) {
        total.incrementAndGet();
        long nowNanos = System.nanoTime();
        Kind kind = new Kind(during, cause.getClass());
        Seen seen = kinds.get(kind);
        if (seen == null) {
            if (kinds.size() >= MAX_KINDS) {
                return;
            }
            seen = new Seen();
            kinds.put(kind, seen);
        } else if (nowNanos - seen.loggedAtNanos < INTERVAL_NANOS) {
            seen.unlogged++;
            return;
        }
        LOG.error(
                "{}: a fault in \"{}\", and {} more of its kind before; the streams concerned are closed and resume at "
                        + "their cursors",
                loop,
                during,
                seen.unlogged,
                cause);
        seen.loggedAtNanos = nowNanos;
        seen.unlogged = 0;
    }

    long total() {
        return total.get();
    }
}
