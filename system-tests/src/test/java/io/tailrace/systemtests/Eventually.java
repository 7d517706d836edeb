package io.tailrace.systemtests;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for an observed condition. */
public final class Eventually {
    private Eventually() {}

    /** Asks every 50 ms until the answer is yes; fails with {@code what} if that takes longer than {@code limit}. No answer is a no. */
    public static void eventually(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        long startNs = System.nanoTime();
        @Nullable IOException last = null;
        do {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (IOException e) {
                last = e;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        } while (System.nanoTime() - startNs < limit.toNanos());
        throw new AssertionError("not within " + limit + ": " + what, last);
    }
}
