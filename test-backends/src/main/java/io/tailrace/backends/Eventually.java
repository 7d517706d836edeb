package io.tailrace.backends;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for something that can be observed; never for time to pass. */
public final class Eventually {
    /** Far beyond what anything takes, on a machine that is busy with other things as well. */
    private static final Duration DEADLINE = Duration.ofSeconds(120);

    private static final long PAUSE_NS = Duration.ofMillis(5).toNanos();

    private Eventually() {}

    /** Returns when {@code condition} holds; fails with {@code what} if it does not in time. What it throws counts as no. */
    public static void holds(String what, Callable<Boolean> condition) {
        holds(() -> what, condition);
    }

    /** The same; what there is to say is asked for when it fails. */
    public static void holds(Supplier<String> what, Callable<Boolean> condition) {
        long deadlineNs = System.nanoTime() + DEADLINE.toNanos();
        @Nullable Exception last = null;
        while (System.nanoTime() - deadlineNs < 0) {
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
        throw new AssertionError("not within " + DEADLINE + ": " + what.get(), last);
    }

    /** The value of a future that is completed in time; fails with {@code what} if it is not. */
    public static <T> T result(String what, Future<T> future) throws ExecutionException, InterruptedException {
        try {
            return future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not within " + DEADLINE + ": " + what, e);
        }
    }

    /** Returns when a thread has ended, or was never started; fails with {@code what} and where it stands if it has not in time. */
    public static void ends(String what, Thread thread) throws InterruptedException {
        if (thread.getState() != Thread.State.NEW && !thread.join(DEADLINE)) {
            AssertionError late = new AssertionError("not within " + DEADLINE + ": " + what);
            late.setStackTrace(thread.getStackTrace());
            throw late;
        }
    }
}
