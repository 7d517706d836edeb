package io.tailrace.kit.consume;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The threads of a service's loops. They begin when what they need can be prepared, which may be long after the service
 * has started, and do not hold its start up. Thread-safe.
 */
public final class LoopThreads implements AutoCloseable {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    private final String service;
    private final List<Loop> loops;
    private final Runnable preparation;
    private final Duration stopTimeout;
    private final List<Thread> running = new ArrayList<>();
    private final SupervisedLoop starting;
    private final Thread starter;

    /**
     * Threads that begin with {@link #start}.
     *
     * @param service for logs and thread names
     * @param preparation what must have happened before the loops begin, for example that topics exist; tried again when
     *     it throws
     * @param retryWait the longest wait between these attempts
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
        this.stopTimeout = stopTimeout;
        Duration first = retryWait.compareTo(FIRST_WAIT) < 0 ? retryWait : FIRST_WAIT;
        this.starting = new SupervisedLoop(
                service + "-start", new Backoff(first, retryWait, RandomGenerator.getDefault()), this::prepareAndBegin);
        this.starter = Thread.ofPlatform().daemon().name(starting.name()).unstarted(starting);
    }

    /** Has the numbers of what begins the loops in {@code registry}; those of the loops are their own. */
    public void bindTo(MeterRegistry registry) {
        starting.bindTo(registry);
    }

    /** Begins; returns at once. */
    public void start() {
        starter.start();
    }

    /** The loops, and what begins them, which is well when it has. */
    public List<Loop> loops() {
        List<Loop> all = new ArrayList<>(loops);
        all.add(starting);
        return all;
    }

    private void prepareAndBegin(SupervisedLoop self) {
        preparation.run();
        synchronized (running) {
            // What could not be begun is begun by the next attempt, and nothing twice.
            for (Loop loop : loops.subList(running.size(), loops.size())) {
                if (self.isStopping()) {
                    return;
                }
                running.add(Thread.ofPlatform()
                        .daemon()
                        .name(service + "-" + loop.name())
                        .start(loop));
            }
        }
        self.done();
    }

    /** Tells the loops to stop, and waits, bounded, until they have. */
    @Override
    public void close() {
        starting.stop();
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
