package io.tailrace.projections.job;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobEvents.JobView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens to the jobs of each queue, and how long they wait and run, by the events that are copied. All times are the log's.
 * Events that are older than {@link #NEWS} are not counted: a copy that is made anew says nothing about now. Thread-safe.
 */
final class JobMeters {
    static final Duration NEWS = Duration.ofMinutes(10);

    private final MeterRegistry meters;
    private final InstantSource clock;
    private final Map<String, OfQueue> queues = new ConcurrentHashMap<>();

    JobMeters(MeterRegistry meters, InstantSource clock) {
        this.meters = meters;
        this.clock = clock;
    }

    void count(JobEvent event) {
        if (event.at().isBefore(clock.instant().minus(NEWS))) {
            return;
        }
        OfQueue queue = queues.computeIfAbsent(event.job().queue(), name -> new OfQueue(meters, name));
        switch (event.kind()) {
            case SCHEDULED -> {
                if (event.isNew()) {
                    queue.enqueued.increment();
                }
            }
            case STARTED -> {
                queue.started.increment();
                queue.waited(event.job());
            }
            case PROGRESSED -> {}
            case SUCCEEDED -> {
                queue.succeeded.increment();
                queue.ran(event);
            }
            case RETRYING -> queue.failed(event);
            case DEAD -> {
                queue.failed(event);
                queue.dead.increment();
            }
            case CANCELLED -> queue.cancelled.increment();
        }
    }

    /** The meters of a queue, all of which are there from its first event on. */
    private static final class OfQueue {
        private final Counter enqueued;
        private final Counter started;
        private final Counter succeeded;
        private final Counter failed;
        private final Counter handedBack;
        private final Counter leaseExpired;
        private final Counter timedOut;
        private final Counter dead;
        private final Counter cancelled;
        private final Timer wait;
        private final Timer run;

        OfQueue(MeterRegistry meters, String queue) {
            enqueued = counter(meters, queue, "enqueued");
            started = counter(meters, queue, "started");
            succeeded = counter(meters, queue, "succeeded");
            failed = counter(meters, queue, "failed");
            handedBack = counter(meters, queue, "handed_back");
            leaseExpired = counter(meters, queue, "lease_expired");
            timedOut = counter(meters, queue, "timed_out");
            dead = counter(meters, queue, "dead");
            cancelled = counter(meters, queue, "cancelled");
            wait = timer(meters, queue, "wait", "From when a job might run until its first attempt began");
            run = timer(meters, queue, "run", "How long attempts took that succeeded or failed");
        }

        private static Counter counter(MeterRegistry meters, String queue, String event) {
            return Counter.builder("tailrace.jobs.events")
                    .description("What happened to jobs; lease_expired and timed_out are failed as well")
                    .tag("queue", queue)
                    .tag("event", event)
                    .register(meters);
        }

        private static Timer timer(MeterRegistry meters, String queue, String what, String description) {
            return Timer.builder("tailrace.jobs." + what)
                    .description(description)
                    .tag("queue", queue)
                    .publishPercentiles(0.5, 0.99)
                    .register(meters);
        }

        void failed(JobEvent event) {
            if (event.isHandedBack()) {
                handedBack.increment();
                return;
            }
            failed.increment();
            JobError error = event.error();
            String type = error == null ? "" : error.type();
            if (type.equals(JobError.LEASE_EXPIRED)) {
                leaseExpired.increment();
            } else if (type.equals(JobError.TIMEOUT)) {
                timedOut.increment();
            }
            ran(event);
        }

        /** Of a further attempt nothing says when it might have begun. */
        void waited(JobView job) {
            if (job.attempt() == 1) {
                Instant from = job.runAt().isAfter(job.enqueuedAt()) ? job.runAt() : job.enqueuedAt();
                record(wait, from, job.startedAt());
            }
        }

        void ran(JobEvent event) {
            Instant from = event.job().startedAt();
            if (from != null) {
                record(run, from, event.at());
            }
        }

        private static void record(Timer timer, Instant from, @Nullable Instant to) {
            if (to != null && !to.isBefore(from)) {
                timer.record(Duration.between(from, to).toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }
}
