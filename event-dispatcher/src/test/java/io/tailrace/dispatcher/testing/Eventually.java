package io.tailrace.dispatcher.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what a test can observe. */
public final class Eventually {
    private static final long DEADLINE_S = 120;

    private Eventually() {}

    /** Returns when {@code condition} holds; fails after two minutes. */
    public static void holds(Supplier<String> what, Supplier<Boolean> condition) {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (!condition.get()) {
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("not within " + DEADLINE_S + " s: " + what.get());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
