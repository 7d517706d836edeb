package io.tailrace.ingest.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for something that can be observed; never for time to pass. */
public final class Eventually {
    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final long PAUSE_NS = Duration.ofMillis(10).toNanos();

    private Eventually() {}

    /** Returns when {@code condition} holds; fails with {@code what} if it does not in time. */
    public static void holds(String what, Callable<Boolean> condition) {
        long deadlineNs = System.nanoTime() + DEADLINE.toNanos();
        Exception last = null;
        while (System.nanoTime() < deadlineNs) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        throw new AssertionError("never happened: " + what, last);
    }
}
