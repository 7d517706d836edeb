package io.tailrace.standalone.service;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tailrace.standalone.process.LogFile;
import io.tailrace.standalone.process.Unit;
import io.tailrace.standalone.supervision.CoordinatorWatch;
import io.tailrace.standalone.supervision.CoordinatorWatch.Answer;
import io.tailrace.standalone.supervision.CoordinatorWatch.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker that is ended when one of its coordinators has failed for good. Its end is one like any other: the supervisor
 * waits a little and starts it again. Thread-safe.
 */
public final class WatchedBroker implements Unit, MeterBinder {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedBroker.class);

    private final Unit broker;
    private final Questions questions;
    private final CoordinatorWatch watch;
    private final Duration pause;
    private final Duration stopLimit;
    private final AtomicLong restarts = new AtomicLong();
    private final AtomicInteger unable = new AtomicInteger();
    private @Nullable Run current;

    /**
     * A broker that has not been started.
     *
     * @param pause between two rounds of questions
     * @param stopLimit how long the broker may take to stop before it is killed
     */
    public WatchedBroker(Unit broker, Questions questions, CoordinatorWatch watch, Duration pause, Duration stopLimit) {
        this.broker = broker;
        this.questions = questions;
        this.watch = watch;
        this.pause = pause;
        this.stopLimit = stopLimit;
    }

    /** Asks the coordinators. Returns in a bounded time. */
    @FunctionalInterface
    public interface Questions {
        /** One round. */
        Answer ask() throws InterruptedException;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("tailrace.up.broker.restarts", restarts, AtomicLong::get)
                .description("restarts of the broker because a coordinator had failed")
                .register(registry);
        Gauge.builder("tailrace.up.coordinators.unable", unable, AtomicInteger::get)
                .description("coordinators of the broker that did not answer when last asked")
                .register(registry);
    }

    /** How often it was ended for its coordinators. */
    public long restarts() {
        return restarts.get();
    }

    @Override
    public void start(Progress progress) throws Exception {
        Run run = new Run(progress);
        broker.start(run);
        synchronized (this) {
            current = run;
            watch.started();
        }
        run.begin();
    }

    @Override
    public void stop(boolean force) {
        synchronized (this) {
            if (current != null) {
                current.end();
            }
        }
        broker.stop(force);
    }

    /** Decides about a round, unless the broker that it was about has ended since. */
    private synchronized Verdict judge(Run run, Answer answer) {
        if (run != current || run.over) {
            return new Verdict.Wait();
        }
        unable.set(
                answer instanceof Answer.Answered answered ? answered.unable().size() : 0);
        return watch.observe(answer, System.nanoTime() / 1_000_000);
    }

    /** As {@code up} stops it: asked first, then killed. */
    private void restart() throws InterruptedException {
        restarts.incrementAndGet();
        Thread stop = Thread.ofVirtual().name("restart-broker").start(() -> broker.stop(false));
        if (!stop.join(stopLimit)) {
            LOG.warn("the broker does not stop, killing it");
            broker.stop(true);
        }
    }

    /** One life of the broker's process. */
    private final class Run implements Progress, Runnable {
        private final Progress progress;
        private final Thread thread =
                Thread.ofVirtual().name("coordinator-watch").unstarted(this);
        private volatile boolean over;
        private volatile @Nullable String reason;

        Run(Progress progress) {
            this.progress = progress;
        }

        void begin() {
            thread.start();
        }

        void end() {
            over = true;
            thread.interrupt();
        }

        @Override
        public void run() {
            try {
                while (!over) {
                    Thread.sleep(pause);
                    act(judge(this, questions.ask()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void act(Verdict verdict) throws InterruptedException {
            switch (verdict) {
                case Verdict.Wait() -> {}
                case Verdict.Restart(String why) -> {
                    LOG.warn("the broker is started again: {}", why);
                    reason = "was ended because " + why;
                    restart();
                }
                case Verdict.GiveUp(String why) ->
                    LOG.error("the broker is not started again, because that has not helped: {}", why);
            }
        }

        @Override
        public void doing(String what) {
            progress.doing(what);
        }

        @Override
        public void changed() {
            progress.changed();
        }

        @Override
        public void ended(String how) {
            String why = reason;
            // Not interrupted: this may be the end that it waits for.
            over = true;
            progress.ended(why == null ? how : why);
        }
    }

    @Override
    public List<String> reportedAs() {
        return broker.reportedAs();
    }

    @Override
    public OptionalLong pid() {
        return broker.pid();
    }

    @Override
    public int port() {
        return broker.port();
    }

    @Override
    public @Nullable LogFile log() {
        return broker.log();
    }
}
