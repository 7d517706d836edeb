package io.tailrace.kit.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a service's loops. They begin when what they need can be prepared, which may be long after the service
 * has started, and do not hold its start up. Thread-safe.
 */
public final class LoopThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoopThreads.class);

    private final String service;
    private final List<Loop> loops;
    private final Runnable preparation;
    private final Duration retryWait;
    private final Duration stopTimeout;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Thread> running = new ArrayList<>();
    private final Thread starter;

    /**
     * Threads that begin with {@link #start}.
     *
     * @param service for logs and thread names
     * @param preparation what must have happened before the loops begin, for example that topics exist; tried again when
     *     it throws
     * @param retryWait the wait between these attempts
     * @param stopTimeout how long {@link #close} waits for the loops
     */
    public LoopThreads(
            String service,
            List<? extends Loop> loops,
            Runnable preparation,
            Duration retryWait,
            Duration stopTimeout) {
        this.service = service;
        this.loops = List.copyOf(loops);
        this.preparation = preparation;
        this.retryWait = retryWait;
        this.stopTimeout = stopTimeout;
        this.starter = Thread.ofPlatform().daemon().name(service + "-start").unstarted(this::prepareAndBegin);
    }

    /** Begins; returns at once. */
    public void start() {
        starter.start();
    }

    /** The loops. */
    public List<Loop> loops() {
        return loops;
    }

    private void prepareAndBegin() {
        while (!prepared()) {
            if (isStoppedWithin(retryWait)) {
                return;
            }
        }
        synchronized (running) {
            if (stop.getCount() > 0) {
                loops.forEach(loop -> running.add(Thread.ofPlatform()
                        .daemon()
                        .name(service + "-" + loop.name())
                        .start(loop)));
            }
        }
    }

    private boolean prepared() {
        try {
            preparation.run();
            return true;
        } catch (RuntimeException e) {
            LOG.warn("{}: waits to begin: {}", service, e.getMessage());
            return false;
        }
    }

    private boolean isStoppedWithin(Duration wait) {
        try {
            return stop.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** Tells the loops to stop, and waits, bounded, until they have. */
    @Override
    public void close() {
        stop.countDown();
        List<Thread> threads;
        synchronized (running) {
            loops.forEach(Loop::stop);
            starter.interrupt();
            threads = new ArrayList<>(running);
        }
        threads.add(starter);
        long deadlineNs = System.nanoTime() + stopTimeout.toNanos();
        try {
            for (Thread thread : threads) {
                long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime()));
                thread.join(leftMs);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
