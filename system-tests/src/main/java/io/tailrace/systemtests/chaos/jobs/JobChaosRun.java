package io.tailrace.systemtests.chaos.jobs;

import io.tailrace.systemtests.chaos.schedule.Fault;
import io.tailrace.systemtests.chaos.schedule.Fault.Part;
import io.tailrace.systemtests.chaos.schedule.Schedule;
import io.tailrace.systemtests.chaos.world.Outages;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.platform.Launcher;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.ServiceProcess;
import io.tailrace.systemtests.platform.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One run: jobs that deliver webhooks to a receiver of the run, two workers, and what the plan says goes wrong. First a worker is frozen with
 * attempts under way until these have run elsewhere, and goes on then; after that the faults of the plan happen. For one thread.
 */
public final class JobChaosRun {
    /** Short times, so that what waits for them can be seen within a run. */
    public static final Map<String, String> SETTINGS = Map.of(
            "TAILRACE_DISPATCHER_JOBS_LEASE", JobPlan.LEASE_MS + "ms",
            "TAILRACE_DISPATCHER_JOBS_RELEASE_TIMEOUT", "5s",
            "TAILRACE_WORKERS_ANSWER_TIMEOUT", "1s",
            // The receiver is on this machine, and its host is not to be left alone because workers were killed.
            "TAILRACE_OUTBOUND_ALLOWED_RANGES", "127.0.0.0/8",
            "TAILRACE_OUTBOUND_CIRCUIT_FAILURE_PERCENT", "100");

    /** How many jobs there are beside those of the plan: of them are the attempts of the worker that is frozen first. */
    public static final int HELD_JOBS = 20;

    private static final Duration READY = Duration.ofSeconds(90);
    private static final Duration OUTAGE_LIMIT = Duration.ofSeconds(150);
    private static final Duration STEP_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(180);

    /** A job whose second attempt is answered with 500 waits for five minutes and a half. */
    private static final Duration END_LIMIT_AFTER_500 = END_LIMIT.plusMinutes(6);

    private static final int HELD_AT_LEAST = 5;
    private static final long LOOK_MS = 50;

    private final JobPlan plan;
    private final Consumer<String> progress;
    private final JobHistory history = new JobHistory();
    private final Map<String, Integer> faults = new TreeMap<>();
    private final Map<String, Long> numbers = new LinkedHashMap<>();

    /** A run of a plan. */
    public JobChaosRun(JobPlan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** Starts everything, lets it happen, checks, stops everything. The launcher has {@link #SETTINGS}. */
    public JobResult run(Launcher launcher, Map<String, String> environment) throws IOException, InterruptedException {
        progress.accept("starting");
        try (Receiver receiver = new Receiver(plan.failingJobs());
                Platform platform =
                        Platform.up(launcher, "sse-edge", "projections", "workers", "search", "telemetry")) {
            ServiceProcess worker1 = platform.service("workers", environment);
            ServiceProcess worker2 = platform.service("workers", environment);
            worker1.start(READY);
            Api api = new Api(platform.origin(), platform.token("fault-run", "--job", "webhook"));
            try (JobEnqueuer jobs = new JobEnqueuer(api, receiver.url(), history)) {
                freeze(worker1, worker2, jobs, receiver);
                happen(platform, Map.of(Part.WORKER_1, worker1, Part.WORKER_2, worker2), jobs);
                check(platform, List.of(worker1, worker2), jobs, receiver);
            }
        }
        return new JobResult(
                plan,
                faults,
                numbers,
                history.outcomes(),
                history.refusals(),
                history.faultCount(),
                history.faults(),
                history.faultCount() == 0 ? "" : launcher.data().toString());
    }

    /** A worker that has attempts under way is frozen until one of them has begun anew at another worker. */
    private void freeze(ServiceProcess frozen, ServiceProcess other, JobEnqueuer jobs, Receiver receiver)
            throws IOException, InterruptedException {
        receiver.hold();
        jobs.begin(HELD_JOBS, 1);
        jobs.await(STEP_LIMIT.toMillis());
        await("attempts under way", STEP_LIMIT, () -> receiver.held() >= HELD_AT_LEAST);
        progress.accept("worker 1 is frozen with " + receiver.held() + " attempts");
        Signals.send("-STOP", frozen.pid());
        try {
            receiver.letGo();
            other.start(READY);
            await("the attempts of the frozen worker begin anew", STEP_LIMIT, () -> receiver.repeated() > 0);
        } finally {
            Signals.send("-CONT", frozen.pid());
        }
        numbers.put("attempts of the frozen worker", receiver.held());
    }

    private void happen(Platform platform, Map<Part, ServiceProcess> workers, JobEnqueuer jobs)
            throws IOException, InterruptedException {
        long beginNs = System.nanoTime();
        jobs.begin(plan.jobs(), plan.durationMs());
        try (Outages outages = new Outages(platform, workers)) {
            for (Schedule.Step step : plan.steps()) {
                TimeUnit.NANOSECONDS.sleep(beginNs + TimeUnit.MILLISECONDS.toNanos(step.atMs()) - System.nanoTime());
                inject(step.fault(), outages);
                progress.accept(step.atMs() / 1000 + " s: " + step.fault() + ", "
                        + jobs.jobs().size() + " jobs are acknowledged");
            }
            outages.await(OUTAGE_LIMIT).forEach(history::fault);
        }
        jobs.await(END_LIMIT.toMillis());
    }

    private void inject(Fault fault, Outages outages) {
        switch (fault) {
            case Fault.Kill(Part killed, long downMs) -> outages.kill(killed, downMs);
            case Fault.Freeze(Part frozen, long forMs) -> outages.freeze(frozen, forMs);
            default -> throw new IllegalArgumentException("no fault of jobs: " + fault);
        }
        faults.merge(fault.kind(), 1, Integer::sum);
    }

    private void check(Platform platform, List<ServiceProcess> workers, JobEnqueuer jobs, Receiver receiver)
            throws IOException, InterruptedException {
        progress.accept(jobs.jobs().size() + " jobs are acknowledged; waiting until all have ended");
        Duration limit = plan.failingJobs() == 0 ? END_LIMIT : END_LIMIT_AFTER_500;
        long untilNs = System.nanoTime() + limit.toNanos();
        try (JobLog log = new JobLog(platform.environment("TAILRACE_KAFKA_BOOTSTRAP"), history)) {
            log.read();
            while (history.succeeded(jobs.jobs().values()) < jobs.jobs().size() && System.nanoTime() - untilNs < 0) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
                log.read();
            }
            // What workers still had to say is in the log when they have ended.
            workers.forEach(ServiceProcess::beginToStop);
            for (ServiceProcess worker : workers) {
                if (!worker.stop()) {
                    history.fault("a worker did not end after SIGTERM");
                }
            }
            log.read();
        }
        history.end(new HashSet<>(jobs.jobs().values()));
        receiver.check(jobs.jobs(), history);
        numbers.put("acknowledged", (long) jobs.jobs().size());
        numbers.put("succeeded once", history.succeeded(jobs.jobs().values()));
        numbers.put("effects", (long) receiver.effects());
        numbers.put("attempts", history.attempts());
        numbers.put(
                "outcomes",
                history.outcomes().values().stream().mapToLong(Long::longValue).sum());
        numbers.put("deliveries", receiver.deliveries());
        numbers.put("deliveries of a job again", receiver.repeated());
    }

    private static void await(String what, Duration limit, BooleanSupplier condition)
            throws IOException, InterruptedException {
        long untilNs = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - untilNs > 0) {
                throw new IOException("it did not happen within " + limit + ": " + what);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
    }
}
