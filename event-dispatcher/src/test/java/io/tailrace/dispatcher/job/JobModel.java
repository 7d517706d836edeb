package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobCommand.Fail;
import io.tailrace.contracts.job.JobCommand.HandBack;
import io.tailrace.contracts.job.JobCommand.Heartbeat;
import io.tailrace.contracts.job.JobCommand.Progress;
import io.tailrace.contracts.job.JobCommand.Start;
import io.tailrace.contracts.job.JobCommand.Succeed;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.QueueLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is right, in the simplest words: all jobs of one queue in a list that is searched from end to end, with no count, no index and
 * no key that is kept in step. Without rates. Says what {@link Effects} says.
 */
final class JobModel {
    static final long LEASE_MS = 10_000;
    static final long RELEASE_MS = 60_000;
    static final long KEEP_MS = 100_000;
    static final long KEEP_DEAD_MS = 300_000;

    private static final Set<String> OPEN = Set.of("scheduled", "retrying", "ready", "released", "running");
    private static final Set<String> ACTIVE = Set.of("released", "running", "stopping");

    private static final Comparator<Job> FIRST =
            Comparator.comparing((Job job) -> -job.spec().priority()).thenComparing(job -> job.order);

    private final int credit;
    private final QueueLimits declared;
    private final Map<UUID, Job> jobs = new TreeMap<>();
    private final List<String> said = new ArrayList<>();
    private QueueLimits limits;
    private boolean paused;
    private long orders;

    private static final class Job {
        final JobCommand.Enqueue command;
        final long enqueuedMs;
        String state = "scheduled";
        long atMs;
        long deadlineMs;
        long order;
        int attempt;
        int uncounted;
        long token;

        /** Whether it has been erased, and is only waited for. */
        boolean erased;

        @Nullable
        UUID last;

        @Nullable
        String worker;

        Job(JobCommand.Enqueue command, long enqueuedMs) {
            this.command = command;
            this.enqueuedMs = enqueuedMs;
        }

        JobSpec spec() {
            return command.spec();
        }

        long number() {
            return Effects.number(command.commandId());
        }

        String shown() {
            return switch (state) {
                case "released" -> number() + " ready";
                case "stopping" -> number() + " cancelled";
                case "scheduled", "retrying" -> number() + " " + state + " " + atMs;
                default -> number() + " " + state;
            };
        }

        boolean ownsUniqueKey(String key, long nowMs) {
            boolean timed = spec().uniqueSeconds() > 0;
            return !erased
                    && key.equals(spec().uniqueKey())
                    && (timed ? nowMs < enqueuedMs + 1000L * spec().uniqueSeconds() : OPEN.contains(state));
        }
    }

    JobModel(int credit, QueueLimits declared) {
        this.credit = credit;
        this.declared = declared;
        this.limits = declared;
    }

    List<String> decide(JobCommand command, long nowMs) {
        said.clear();
        switch (command) {
            case JobCommand.Enqueue enqueue -> enqueue(enqueue, nowMs);
            case JobCommand.OfQueue change -> {
                switch (change) {
                    case JobCommand.Pause _ -> paused = true;
                    case JobCommand.Resume _ -> paused = false;
                    case JobCommand.Limit(var _, var _, QueueLimits next) -> limits = next == null ? declared : next;
                }
                said.add("queue " + (paused ? "paused " : "open ") + limits.concurrency() + " "
                        + limits.keyConcurrency());
            }
            case JobCommand.OfJob ofJob -> {
                Job job = jobs.get(ofJob.jobId());
                if (job == null) {
                    said.add("refused unknown_job");
                } else if (command.commandId().equals(job.last)) {
                    said.add("repeated " + job.number());
                } else {
                    decide(ofJob, job, nowMs);
                }
            }
        }
        release(nowMs);
        return List.copyOf(said);
    }

    List<String> tick(long nowMs) {
        said.clear();
        for (Job job : sorted(ACTIVE, nowMs)) {
            switch (job.state) {
                case "released" -> job.state = "ready";
                case "running" -> fail(job, nowMs >= job.deadlineMs ? "timeout" : "lease_expired", false, 0, nowMs);
                default -> finish(job, "cancelled", nowMs);
            }
        }
        sorted(Set.of("scheduled", "retrying"), nowMs).forEach(this::ready);
        release(nowMs);
        sorted(Set.of("succeeded", "dead", "cancelled"), nowMs).forEach(job -> jobs.remove(job.command.commandId()));
        return List.copyOf(said);
    }

    private List<Job> sorted(Set<String> states, long nowMs) {
        return jobs.values().stream()
                .filter(job -> states.contains(job.state) && job.atMs <= nowMs)
                .sorted(Comparator.comparing(job -> job.atMs))
                .toList();
    }

    private void enqueue(JobCommand.Enqueue command, long nowMs) {
        Job known = jobs.get(command.commandId());
        String key = command.spec().uniqueKey();
        if (known != null) {
            said.add(known.command.equals(command) ? "repeated " + known.number() : "refused id_reused");
        } else if (key != null && owner(key, nowMs) != null) {
            said.add("existing " + Objects.requireNonNull(owner(key, nowMs)).number());
        } else {
            Job job = new Job(command, nowMs);
            job.atMs = command.spec().dueMs(nowMs);
            jobs.put(command.commandId(), job);
            if (job.atMs <= nowMs) {
                ready(job);
            }
            said.add("scheduled " + job.shown() + " new");
        }
    }

    private @Nullable Job owner(String key, long nowMs) {
        return jobs.values().stream()
                .filter(job -> job.ownsUniqueKey(key, nowMs))
                .max(Comparator.comparing(job -> job.enqueuedMs))
                .orElse(null);
    }

    private void ready(Job job) {
        job.state = "ready";
        job.order = orders++;
    }

    private void decide(JobCommand.OfJob command, Job job, long nowMs) {
        switch (command) {
            case JobCommand.Cancel _ -> {
                if (!OPEN.contains(job.state)) {
                    said.add("refused wrong_state");
                    return;
                }
                if (job.state.equals("running")) {
                    job.state = "stopping";
                } else {
                    finish(job, "cancelled", nowMs);
                }
                said.add("cancelled " + job.shown());
            }
            case JobCommand.Retry _ -> {
                String key = job.spec().uniqueKey();
                Job owner = key == null ? null : owner(key, nowMs);
                if (!job.state.equals("dead") && !job.state.equals("cancelled")) {
                    said.add("refused wrong_state");
                    return;
                }
                if (owner != null && owner != job) {
                    said.add("refused unique_key_taken");
                    return;
                }
                job.uncounted = job.attempt;
                ready(job);
                said.add("scheduled " + job.shown());
            }
            case JobCommand.Erase _ -> {
                if (job.state.equals("stopping")) {
                    job.erased = true;
                    said.add("erased " + job.number());
                } else if (OPEN.contains(job.state)) {
                    said.add("refused wrong_state");
                } else {
                    said.add("erased " + job.number());
                    jobs.remove(job.command.commandId());
                }
                return;
            }
            case JobCommand.RunNow _ -> {
                if (!job.state.equals("scheduled") && !job.state.equals("retrying")) {
                    said.add("refused wrong_state");
                    return;
                }
                ready(job);
                said.add("scheduled " + job.shown());
            }
            case JobCommand.OfAttempt ofAttempt -> {
                attempt(ofAttempt, job, nowMs);
                return;
            }
        }
        job.last = command.commandId();
    }

    private void attempt(JobCommand.OfAttempt command, Job job, long nowMs) {
        if (command.token() != job.token || !ACTIVE.contains(job.state)) {
            said.add("refused stale_token");
            return;
        }
        switch (job.state) {
            case "released" -> released(command, job, nowMs);
            case "running" -> running(command, job, nowMs);
            default -> {
                if (!(command instanceof Start || command instanceof Heartbeat || command instanceof Progress)) {
                    finish(job, "cancelled", nowMs);
                }
                said.add("refused cancelled");
            }
        }
    }

    private void released(JobCommand.OfAttempt command, Job job, long nowMs) {
        switch (command) {
            case Start(var _, var _, var _, long _, String worker) -> {
                if (paused) {
                    job.state = "ready";
                    said.add("refused queue_paused");
                    return;
                }
                job.state = "running";
                job.attempt++;
                job.worker = worker;
                job.deadlineMs = nowMs + 1000L * job.spec().timeoutSeconds();
                renew(job, nowMs);
                job.last = command.commandId();
                said.add("started " + job.shown() + " attempt " + job.attempt);
            }
            case HandBack _ -> job.state = "ready";
            case Heartbeat _, Progress _, Succeed _, Fail _ -> said.add("refused not_started");
        }
    }

    private void running(JobCommand.OfAttempt command, Job job, long nowMs) {
        switch (command) {
            case Start(var _, var _, var _, long _, String worker) ->
                said.add(worker.equals(job.worker) ? "repeated " + job.number() : "refused already_started");
            case Heartbeat heartbeat -> {
                renew(job, nowMs);
                if (heartbeat.wantsAnswer()) {
                    said.add("confirmed " + job.number());
                }
            }
            case Progress _ -> {
                renew(job, nowMs);
                said.add("progressed " + job.shown());
            }
            case Succeed _ -> {
                finish(job, "succeeded", nowMs);
                said.add("succeeded " + job.shown());
                job.last = command.commandId();
            }
            case Fail fail -> {
                fail(job, fail.error().type(), fail.giveUp(), fail.retryAfterMs(), nowMs);
                job.last = command.commandId();
            }
            case HandBack _ -> {
                job.state = "ready";
                job.uncounted++;
                job.last = command.commandId();
                said.add("retrying " + job.shown() + " handed_back");
            }
        }
    }

    private static void renew(Job job, long nowMs) {
        job.atMs = Math.min(nowMs + LEASE_MS, job.deadlineMs);
    }

    private void fail(Job job, String error, boolean giveUp, long retryAfterMs, long nowMs) {
        int counted = job.attempt - job.uncounted;
        if (giveUp
                || counted >= job.spec().maxAttempts()
                || job.spec().retry().giveUpOn().contains(error)) {
            finish(job, "dead", nowMs);
            said.add("dead " + job.shown() + " " + error);
        } else {
            job.state = "retrying";
            job.atMs = nowMs + Math.max(retryAfterMs, job.spec().retry().boundMs(counted) / 2);
            said.add("retrying " + job.shown() + " " + error);
        }
    }

    private void finish(Job job, String state, long nowMs) {
        if (job.erased) {
            jobs.remove(job.command.commandId());
            return;
        }
        job.state = state;
        long keepMs = state.equals("dead") ? KEEP_DEAD_MS : KEEP_MS;
        job.atMs = Math.max(nowMs + keepMs, job.enqueuedMs + 1000L * job.spec().uniqueSeconds());
    }

    private void release(long nowMs) {
        while (!paused
                && (limits.concurrency() == 0 || count(job -> ACTIVE.contains(job.state)) < limits.concurrency())) {
            Job next = jobs.values().stream()
                    .filter(job ->
                            job.state.equals("ready") && isKeyFree(job) && isFirstOfKey(job) && hasTypeCredit(job))
                    .min(FIRST)
                    .orElse(null);
            if (next == null) {
                return;
            }
            next.state = "released";
            next.token++;
            next.atMs = nowMs + RELEASE_MS;
            said.add("released " + next.number() + " token " + next.token + " " + next.command.payload());
        }
    }

    private boolean hasTypeCredit(Job candidate) {
        String type = candidate.spec().type();
        return count(job ->
                        job.state.equals("released") && type.equals(job.spec().type()))
                < credit;
    }

    /** Of a key the jobs are released in their order, also if they are of several types. */
    private boolean isFirstOfKey(Job candidate) {
        String key = candidate.spec().key();
        return key == null
                || count(job -> job.state.equals("ready")
                                && key.equals(job.spec().key())
                                && FIRST.compare(job, candidate) < 0)
                        == 0;
    }

    private boolean isKeyFree(Job candidate) {
        String key = candidate.spec().key();
        return key == null
                || limits.keyConcurrency() == 0
                || count(job -> ACTIVE.contains(job.state)
                                && key.equals(job.spec().key()))
                        < limits.keyConcurrency();
    }

    private long count(Predicate<Job> wanted) {
        return jobs.values().stream().filter(wanted).count();
    }
}
