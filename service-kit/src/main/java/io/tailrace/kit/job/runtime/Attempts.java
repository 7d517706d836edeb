package io.tailrace.kit.job.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobProgress;
import io.tailrace.kit.job.attempt.AttemptCommands;
import io.tailrace.kit.job.attempt.JobNews;
import io.tailrace.kit.job.attempt.Outcome;
import io.tailrace.kit.job.attempt.ReleasedJob;
import io.tailrace.kit.job.attempt.StopReason;
import io.tailrace.kit.job.runtime.Places.Place;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts of this process: begins them, hears what the dispatcher says of them, and says what is due. An attempt holds a place of
 * its queue from its start until the log has its outcome. Thread-safe.
 */
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final CommandLog log;
    private final LogLines lines;
    private final AttemptCommands commands;
    private final Supplier<UUID> ids;
    private final LongSupplier nowMs;
    private final Attempt.Times times;
    private final int maxWrittenOff;
    private final WorkerMeters meters;
    private final Places places = new Places();

    /** Runs an attempt whose start was answered. */
    @FunctionalInterface
    interface Runner {
        /** How it ended. Called on a thread of the attempt's own, which may be interrupted; never throws. */
        Outcome run(Attempt attempt);
    }

    /**
     * No attempts yet.
     *
     * @param ids makes ids of commands
     * @param nowMs a clock that does not jump
     * @param maxWrittenOff handlers that go on although they were interrupted and whose places are given to others; the places of
     *     further ones stay taken
     */
    Attempts(
            CommandLog log,
            LogLines lines,
            AttemptCommands commands,
            Supplier<UUID> ids,
            LongSupplier nowMs,
            Attempt.Times times,
            int maxWrittenOff,
            MeterRegistry registry) {
        this.log = log;
        this.lines = lines;
        this.commands = commands;
        this.ids = ids;
        this.nowMs = nowMs;
        this.times = times;
        this.maxWrittenOff = maxWrittenOff;
        this.meters = new WorkerMeters(registry, this);
    }

    WorkerMeters meters() {
        return meters;
    }

    /** How many there are. */
    int size() {
        return places.size();
    }

    /**
     * What is known of this release of a job: a record that the broker brings again must not begin it again.
     *
     * @return completed when the record is needed no longer; null if nothing is known
     */
    @Nullable
    CompletableFuture<Void> known(ReleasedJob job) {
        return places.known(job);
    }

    /**
     * Begins an attempt: writes its start, and has it run once that is answered.
     *
     * @param taken where the place was taken that is given back when the attempt has ended
     * @return completed when the record of the job is needed no longer
     */
    CompletableFuture<Void> begin(ReleasedJob job, Semaphore taken, Runner runner) {
        Attempt attempt = new Attempt(job, times, ids.get(), nowMs.getAsLong());
        Place before = places.add(new Place(attempt, taken, runner, nowMs.getAsLong()));
        if (before != null) {
            lost(before);
        }
        start(attempt);
        return attempt.settled();
    }

    /** Gives a released job back that was not started, because there is no place for it here. */
    CompletableFuture<Void> handBack(ReleasedJob job) {
        Outcome outcome = new Outcome.HandedBack();
        meters.ended(outcome);
        // Lost, it is released anew after the release timeout; whoever waits need not know.
        return append(job, commands.ended(ids.get(), job, outcome)).exceptionally(e -> null);
    }

    private void start(Attempt attempt) {
        // Whatever happens to this process from then on, the dispatcher decides about it, and its lease or release runs
        // out.
        var unused = append(attempt.job(), commands.started(attempt.startId(), attempt.job()))
                .thenRun(() -> attempt.settled().complete(null));
    }

    private CompletableFuture<Void> append(ReleasedJob job, Event command) {
        return log.append(job.queue(), command).whenComplete((done, e) -> {
            if (e != null) {
                LOG.debug("job {}: {} was not acknowledged", job.id(), command.type(), e);
            }
        });
    }

    /** Whether an answer to this command is waited for. */
    boolean isCommand(UUID id) {
        return places.ofCommand(id) != null;
    }

    /** Whether there is an attempt at this job. */
    boolean isJob(UUID id) {
        return places.ofJob(id) != null;
    }

    /** The dispatcher has decided something. */
    void hear(JobNews news) {
        switch (news) {
            case JobNews.Started(UUID command) -> {
                Place place = places.ofCommand(command);
                if (place != null) {
                    run(place);
                }
            }
            case JobNews.Repeated(UUID command, String worker, boolean isRunning) -> {
                Place place = places.ofCommand(command);
                if (place != null && place.attempt().startId().equals(command)) {
                    if (isRunning && commands.worker().equals(worker)) {
                        run(place);
                    } else {
                        drop(place);
                    }
                }
            }
            case JobNews.Refused refused -> refused(refused);
            case JobNews.Ended ended -> ended(ended);
        }
    }

    private void refused(JobNews.Refused refused) {
        Place place = places.ofCommand(refused.commandId());
        if (place == null) {
            return;
        }
        if (place.attempt().startId().equals(refused.commandId())) {
            drop(place);
        } else if (refused.isCancelled()) {
            stop(place, StopReason.CANCELLED);
        } else {
            lost(place);
        }
    }

    private void ended(JobNews.Ended ended) {
        Place place = places.ofJob(ended.job());
        if (place == null || place.attempt().job().token() != ended.token()) {
            return;
        }
        Attempt attempt = place.attempt();
        if (ended.cause() != null && ended.cause().equals(attempt.outcomeId())) {
            return;
        }
        if (ended.errorType() == null) {
            stop(place, StopReason.CANCELLED);
        } else {
            if (ended.errorType().equals(JobError.TIMEOUT)) {
                stop(place, StopReason.TIMED_OUT);
            }
            lost(place);
        }
    }

    /** It may begin. */
    private void run(Place place) {
        Attempt attempt = place.attempt();
        Thread thread = Thread.ofVirtual()
                .name("job-" + attempt.job().type() + "-" + attempt.job().id())
                .unstarted(() -> {
                    Outcome outcome = place.runner().run(attempt);
                    returned(place, outcome);
                });
        if (attempt.begin(thread, nowMs.getAsLong())) {
            meters.answered(nowMs.getAsLong() - place.begunMs());
            places.forget(attempt.startId());
            attempt.settled().complete(null);
            if (attempt.stopReason() != null) {
                // It was told to stop before it began; its handler sees that at once.
                thread.interrupt();
            }
            thread.start();
        }
    }

    /** It will not begin: the start was refused. */
    private void drop(Place place) {
        if (place.attempt().phase() == Attempt.Phase.STARTING) {
            meters.dropped();
            done(place);
        }
    }

    private void stop(Place place, StopReason reason) {
        place.attempt().stop(reason, nowMs.getAsLong());
    }

    /** The dispatcher goes on without it. */
    private void lost(Place place) {
        Attempt attempt = place.attempt();
        switch (attempt.phase()) {
            case STARTING, REPORTING -> done(place);
            case RUNNING -> {
                meters.lost();
                stop(place, StopReason.LEASE_LOST);
            }
            case DONE -> {}
        }
    }

    /** Its handler has returned. */
    private void returned(Place place, Outcome outcome) {
        Attempt attempt = place.attempt();
        if (attempt.isWrittenOff()) {
            meters.writtenOff(-1);
        }
        StopReason reason = attempt.stopReason();
        if (reason == StopReason.LEASE_LOST) {
            done(place);
        } else {
            end(place, reason == null ? outcome : stopped(attempt.job(), reason, outcome));
        }
    }

    /** What is said of an attempt that was told to stop. What a handler has finished although the worker stops is done. */
    private static Outcome stopped(ReleasedJob job, StopReason reason, Outcome outcome) {
        return switch (reason) {
            case TIMED_OUT -> timeout(job);
            case WORKER_STOPS -> outcome instanceof Outcome.Succeeded ? outcome : new Outcome.HandedBack();
            case CANCELLED, LEASE_LOST -> outcome;
        };
    }

    private static Outcome timeout(ReleasedJob job) {
        return new Outcome.Failed(
                new JobError(JobError.TIMEOUT, "the attempt took longer than " + job.timeoutSeconds() + " s"),
                false,
                0);
    }

    private void end(Place place, Outcome outcome) {
        // What is logged stands before how it ended.
        tellLog(place.attempt(), true);
        if (place.attempt().end(outcome, ids.get(), nowMs.getAsLong())) {
            meters.ended(outcome);
            report(place);
        }
    }

    private void report(Place place) {
        Attempt attempt = place.attempt();
        UUID id = attempt.outcomeId();
        Outcome outcome = attempt.outcome();
        if (id != null && outcome != null) {
            var unused = append(attempt.job(), commands.ended(id, attempt.job(), outcome))
                    .thenRun(() -> done(place));
        }
    }

    private void done(Place place) {
        Attempt attempt = place.attempt();
        if (!attempt.finish()) {
            return;
        }
        tellLog(attempt, true);
        places.remove(place);
        attempt.settled().complete(null);
    }

    /** Does what is due of all of them. Called a few times a second by one thread. */
    void tick() {
        for (Place place : places.all()) {
            Attempt attempt = place.attempt();
            tellLog(attempt, false);
            switch (attempt.due(nowMs.getAsLong())) {
                case NOTHING -> {}
                case START_AGAIN -> start(attempt);
                case SIGN_OF_LIFE -> sign(place);
                case TIME_OUT -> stop(place, StopReason.TIMED_OUT);
                case WRITE_OFF -> writeOff(place);
                case REPORT_AGAIN -> report(place);
            }
        }
    }

    private void tellLog(Attempt attempt, boolean isLast) {
        LogBuffer.Taken taken = attempt.log().take(nowMs.getAsLong(), isLast);
        if (taken != null) {
            lines.append(attempt.job(), taken);
        }
    }

    private void sign(Place place) {
        Attempt attempt = place.attempt();
        UUID id = ids.get();
        places.waitFor(id, place);
        places.forget(attempt.sign(id));
        JobProgress progress = attempt.takeProgress();
        var unused = append(
                attempt.job(),
                progress == null
                        ? commands.continued(id, attempt.job())
                        : commands.progressed(id, attempt.job(), progress));
    }

    /** Its handler goes on although it was interrupted long ago. */
    private void writeOff(Place place) {
        Attempt attempt = place.attempt();
        if (attempt.isWrittenOff() || meters.writtenOff() >= maxWrittenOff) {
            return;
        }
        attempt.writeOff();
        meters.writtenOff(1);
        LOG.error(
                "job {} of type {}: its handler was interrupted ({}) and goes on; nobody waits for it any longer",
                attempt.job().id(),
                attempt.job().type(),
                attempt.stopReason());
        StopReason reason = attempt.stopReason();
        if (reason == null || reason == StopReason.LEASE_LOST) {
            done(place);
        } else {
            end(place, stopped(attempt.job(), reason, new Outcome.HandedBack()));
        }
    }

    /** Has all of them stop, because the worker does. */
    void stopAll() {
        for (Place place : places.all()) {
            if (place.attempt().phase() == Attempt.Phase.STARTING) {
                end(place, new Outcome.HandedBack());
                place.attempt().settled().complete(null);
            } else {
                stop(place, StopReason.WORKER_STOPS);
            }
        }
    }

    /** Gives back those whose handlers go on although they were told to stop. */
    void giveUp() {
        for (Place place : places.all()) {
            if (place.attempt().phase() == Attempt.Phase.RUNNING) {
                end(place, new Outcome.HandedBack());
            }
        }
    }

    /** Waits until there are none; returns whether there are none. */
    boolean awaitNone(Duration timeout) throws InterruptedException {
        return places.awaitNone(timeout);
    }
}
