package io.tailrace.bench.stand;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** Calls at a steady rate, open loop: a slow answer does not delay the next call (no coordinated omission). */
public final class PacedSender {
    private PacedSender() {}

    /**
     * Calls {@code send} {@code count} times, with the moment at which the call was due, as {@link System#nanoTime()}.
     * The caller's thread does it; {@code send} must not block.
     */
    public static void run(int perSecond, int count, LongConsumer send) {
        long intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long due = System.nanoTime() + intervalNs;
        for (int i = 0; i < count; i++) {
            long wait;
            while ((wait = due - System.nanoTime()) > 0) {
                LockSupport.parkNanos(wait);
            }
            send.accept(due);
            due += intervalNs;
        }
    }
}
