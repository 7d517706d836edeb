package io.tailrace.search.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for something that can be observed; never for time to pass. */
public final class Eventually {
    private static final long DEADLINE_NANOS = 60_000_000_000L;
    private static final long PAUSE_NANOS = 5_000_000L;

    private Eventually() {}

    /** Returns when {@code condition} holds, and fails with {@code what} if it does not within a minute. */
    public static void holds(String what, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        Exception last = null;
        while (System.nanoTime() < deadline) {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new AssertionError("never happened: " + what, last);
    }
}
