package io.tailrace.kit.job.runtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tailrace.kit.job.attempt.Outcome;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The numbers of the workers. Thread-safe. */
final class WorkerMeters {
    private final AtomicInteger writtenOff = new AtomicInteger();
    private final Timer answered;
    private final Counter succeeded;
    private final Counter failed;
    private final Counter handedBack;
    private final Counter dropped;
    private final Counter lost;
    private final Counter others;
    private final Counter unhandled;
    private final Counter unreadable;

    WorkerMeters(MeterRegistry registry, Attempts attempts) {
        answered = Timer.builder("tailrace.workers.start")
                .description("From the writing of an attempt's start until its answer was read from the log")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        succeeded = ended(registry, "succeeded");
        failed = ended(registry, "failed");
        handedBack = ended(registry, "handed_back");
        dropped = counter(
                registry, "dropped", "Released jobs whose start was refused: cancelled, paused or released anew");
        lost = counter(
                registry,
                "lost",
                "Attempts that had lost their lease, or were ended by the dispatcher, while they ran");
        others = counter(registry, "others", "Released jobs that are of other workers, and were passed over");
        unhandled = counter(
                registry,
                "unhandled",
                "Released jobs of types that no handler here runs; they are released again after the release timeout");
        unreadable = counter(registry, "unreadable", "Records that are no released jobs, and were passed over");
        Gauge.builder("tailrace.workers.running", attempts, Attempts::size)
                .description("Attempts that run, begin or end")
                .register(registry);
        Gauge.builder("tailrace.workers.written.off", writtenOff, AtomicInteger::get)
                .description("Handlers that were interrupted and go on, for which nobody waits any longer")
                .register(registry);
    }

    private static Counter ended(MeterRegistry registry, String outcome) {
        return Counter.builder("tailrace.workers.ended")
                .description("Attempts that ended, by their outcome")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String what, String description) {
        return Counter.builder("tailrace.workers." + what)
                .description(description)
                .register(registry);
    }

    void answered(long elapsedMs) {
        answered.record(elapsedMs, TimeUnit.MILLISECONDS);
    }

    void ended(Outcome outcome) {
        switch (outcome) {
            case Outcome.Succeeded _ -> succeeded.increment();
            case Outcome.Failed _ -> failed.increment();
            case Outcome.HandedBack _ -> handedBack.increment();
        }
    }

    void dropped() {
        dropped.increment();
    }

    void lost() {
        lost.increment();
    }

    void others() {
        others.increment();
    }

    void unhandled() {
        unhandled.increment();
    }

    void unreadable() {
        unreadable.increment();
    }

    /** Handlers for which nobody waits. */
    int writtenOff() {
        return writtenOff.get();
    }

    void writtenOff(int change) {
        writtenOff.addAndGet(change);
    }
}
