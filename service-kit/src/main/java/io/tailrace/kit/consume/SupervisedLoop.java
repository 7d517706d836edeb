package io.tailrace.kit.consume;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tailrace.kit.time.MonotonicTime;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that must go on for as long as the process does: whatever it throws, when it is made, in the middle or when it is closed,
 * it is begun anew after a pause, because nobody else would begin it. Errors are no exception to that: a heap without room ends
 * the process by {@code -XX:+ExitOnOutOfMemoryError}, and after any other a loop that tries again is worth more than none.
 *
 * <p>One thread runs it; everything else may be called from any.
 */
public final class SupervisedLoop implements Loop, MeterBinder {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedLoop.class);

    private final String name;
    private final Backoff backoff;
    private final Body body;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicLong failures = new AtomicLong();
    private final Outage outage = new Outage();
    private volatile Condition condition = new Condition.Idle();
    private volatile boolean done;

    /** What is to be done. */
    @FunctionalInterface
    public interface Body {
        /**
         * Makes what it needs, works until {@link SupervisedLoop#isStopping()}, and closes what it has made. Calls {@link
         * SupervisedLoop#succeeded()} whenever something has worked. If it returns earlier, it is begun again at once.
         */
        void run(SupervisedLoop loop) throws Exception;
    }

    /**
     * A loop; it does nothing until it is run.
     *
     * @param name in health, logs and numbers
     * @param backoff the pauses after failures; it belongs to the loop from now on
     */
    public SupervisedLoop(String name, Backoff backoff, Body body) {
        this.name = name;
        this.backoff = backoff;
        this.body = body;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Condition condition() {
        return condition;
    }

    /** Has {@link #run()} end as soon as the body returns. Whoever calls this wakes what the body may wait for. */
    @Override
    public void stop() {
        stop.countDown();
    }

    /** Whether it was told to stop. */
    public boolean isStopping() {
        return stop.getCount() == 0;
    }

    /** Its work is done for good: it ends, and that is well. Called by the body. */
    public void done() {
        done = true;
        stop.countDown();
    }

    /** Failures so far. */
    public long failures() {
        return failures.get();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("tailrace.loop.failures", failures, AtomicLong::get)
                .description("Failures after which a loop has begun anew")
                .tag("loop", name)
                .register(registry);
        Gauge.builder("tailrace.loop.failing", this, loop -> loop.isFailing() ? 1 : 0)
                .description("1 while a loop that must go on fails or has ended, else 0")
                .tag("loop", name)
                .register(registry);
    }

    @Override
    public void run() {
        condition = new Condition.Running();
        try {
            while (!isStopping()) {
                attempt();
            }
        } finally {
            condition = done ? new Condition.Idle() : new Condition.Stopped();
        }
    }

    /** Something has worked: the next pause is the first one again. Called by the body. */
    public void succeeded() {
        Outage.Over over = outage.over();
        if (over != null) {
            backoff.reset();
            condition = new Condition.Running();
            if (over.told()) {
                LOG.info("{}: works again after failing since {}", name, over.since());
            }
        }
    }

    /**
     * Something has failed after which the body itself goes on: it is counted, shown and told.
     *
     * @return how long the body should wait before it tries again, in milliseconds
     */
    public long failed(Throwable cause) {
        failures.incrementAndGet();
        String reason = Condition.Retrying.reasonOf(cause);
        if (outage.failed(reason, Instant.now(), MonotonicTime.nowMs())) {
            LOG.warn("{}: keeps failing and is retried: {}", name, reason);
        }
        LOG.debug("{}: fails", name, cause);
        condition = Objects.requireNonNull(outage.current());
        return backoff.nextMs();
    }

    /** Waits; returns early when it is told to stop. */
    public void pause(long waitMs) {
        try {
            var unused = stop.await(waitMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Nobody ends it like that. The next attempt comes a little early.
            LOG.debug("{}: interrupted while it waits", name, e);
        }
    }

    private void attempt() {
        try {
            body.run(this);
        } catch (Exception | Error e) {
            // Left behind by an interrupt, it would fail every attempt at once.
            var unused = Thread.interrupted();
            if (isStopping()) {
                LOG.debug("{}: ended while it stops", name, e);
            } else {
                pause(failed(e));
            }
        }
    }

    private boolean isFailing() {
        return switch (condition) {
            case Condition.Retrying retrying -> true;
            case Condition.Stopped stopped -> !isStopping();
            case Condition.Idle idle -> false;
            case Condition.Running running -> false;
        };
    }
}
