package io.tailrace.ingest.lease;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The requests for leases that wait, a bounded number; who came first gets the first job. Thread-safe. */
final class LeaseWaits {
    private final int most;
    private final Set<LeaseWait> waits = new LinkedHashSet<>();
    private boolean ended;

    /** None yet, and at most so many. */
    LeaseWaits(int most) {
        this.most = most;
    }

    /** Adds a request, which is here until it is answered; returns false if there are too many. After the end it is answered at once. */
    boolean add(LeaseWait wait) {
        boolean late;
        synchronized (this) {
            if (waits.size() >= most) {
                return false;
            }
            late = ended;
            waits.add(wait);
            notifyAll();
        }
        var unused = wait.answer().whenComplete((leases, e) -> remove(wait));
        if (late) {
            wait.close();
        }
        return true;
    }

    private synchronized void remove(LeaseWait wait) {
        waits.remove(wait);
    }

    synchronized int size() {
        return waits.size();
    }

    /** Whether somebody wants a job of a type. */
    synchronized boolean isWanted(String type) {
        return waits.stream().anyMatch(wait -> wait.wants(type));
    }

    /** Waits until somebody wants a job of a type; returns whether somebody does. */
    synchronized boolean awaitWanted(String type, long waitNs) throws InterruptedException {
        long untilNs = System.nanoTime() + waitNs;
        while (!isWanted(type)) {
            if (!await(untilNs)) {
                return false;
            }
        }
        return true;
    }

    /** Gives a job of a type to somebody who wants one, and waits for somebody if need be; returns null if nobody came. */
    synchronized @Nullable LeaseWait awaitTake(String type, long waitNs) throws InterruptedException {
        long untilNs = System.nanoTime() + waitNs;
        while (true) {
            for (LeaseWait wait : waits) {
                if (wait.take(type)) {
                    return wait;
                }
            }
            if (!await(untilNs)) {
                return null;
            }
        }
    }

    /** The attempt that was about to begin for a request will not. */
    void giveBack(LeaseWait wait) {
        wait.giveBack();
        synchronized (this) {
            notifyAll();
        }
    }

    /** Waits for another request; returns false if the time is over. */
    private boolean await(long untilNs) throws InterruptedException {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(untilNs - System.nanoTime());
        if (ended || leftMs <= 0) {
            return false;
        }
        wait(leftMs);
        return !ended;
    }

    /** Nobody waits for another job: all are answered as soon as what is about to begin for them has begun. */
    void end() {
        Set<LeaseWait> all;
        synchronized (this) {
            ended = true;
            all = new LinkedHashSet<>(waits);
            notifyAll();
        }
        all.forEach(LeaseWait::close);
    }

    synchronized boolean isEnded() {
        return ended;
    }
}
