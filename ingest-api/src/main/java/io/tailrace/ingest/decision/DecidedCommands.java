package io.tailrace.ingest.decision;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.kafka.KafkaSettings;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Puts commands into the log and waits for their decisions, without a thread for each. Thread-safe; blocks only while the
 * producer has no metadata or no room.
 *
 * <p>When the service is told to end, nobody waits any longer: whose command is in the log is told that it is not decided yet.
 *
 * @param <D> the type of the decisions
 */
public final class DecidedCommands<D> implements GracefulShutdownCapable {
    private final EventLog log;
    private final Waiting<D> waiting;
    private final DecisionTail<D> tail;
    private final Timer decided;
    private final Counter undecided;

    /**
     * Commands of one kind; {@link #start} has their decisions read.
     *
     * @param maxWaiting requests that may wait for decisions at a time; one more is answered 503 at once
     */
    public DecidedCommands(
            EventLog log,
            KafkaSettings kafka,
            Decisions<D> kind,
            int maxWaiting,
            DecisionTail.Settings settings,
            MeterRegistry meters) {
        this.log = log;
        this.waiting = new Waiting<>(kind, maxWaiting, meters);
        this.tail = new DecisionTail<>(kafka, kind, settings, waiting, meters);
        this.decided = Timer.builder(kind.meterPrefix() + ".decision")
                .description("From handing a command to the producer until its decision was read from the log")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
        this.undecided = Counter.builder(kind.meterPrefix() + ".undecided")
                .description("Commands whose decision was not there in the time that their senders would wait")
                .register(meters);
    }

    /** Starts the thread that reads decisions. */
    public void start() {
        tail.start();
    }

    /** Ends that thread; waits for it, but for a bounded time. */
    public void stop() throws InterruptedException {
        tail.stop();
    }

    /** How the reading of decisions is. */
    public Loop loop() {
        return tail.loop();
    }

    @Override
    public CompletionStage<?> shutdownGracefully() {
        waiting.end();
        // The server itself waits until the answers are written.
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Puts a command into the log.
     *
     * @param commandId its id
     * @param fingerprint of what it asks for
     * @param wait how long to wait for its decision. An acknowledgement is waited for longer, if it must be: what is called
     *     undecided is in the log
     * @return completed on a thread that must not block; never exceptionally
     * @throws io.tailrace.kit.problem.ProblemException 503 if too many wait, or the log cannot be read; then the command is
     *     not in the log
     */
    public CompletableFuture<CommandOutcome<D>> ask(
            OutgoingEvent command, UUID commandId, String fingerprint, Duration wait) {
        tail.awaitReady();
        long startNs = System.nanoTime();
        CompletableFuture<CommandOutcome<D>> outcome = waiting.waitFor(commandId, fingerprint);
        try {
            var unused = log.appendSoon(command).thenAccept(appended -> {
                switch (appended) {
                    case AppendOutcome.Appended _ ->
                        waiting.acknowledged(outcome, wait.toNanos() - (System.nanoTime() - startNs));
                    case AppendOutcome.Unknown _, AppendOutcome.NotSent _ ->
                        outcome.complete(new CommandOutcome.Unacknowledged<>());
                }
            });
        } catch (RuntimeException e) {
            outcome.complete(new CommandOutcome.Unacknowledged<>());
            throw e;
        }
        return outcome.whenComplete((result, e) -> count(result, System.nanoTime() - startNs));
    }

    private void count(CommandOutcome<D> outcome, long elapsedNs) {
        switch (outcome) {
            case CommandOutcome.Decided<D> _ -> decided.record(elapsedNs, TimeUnit.NANOSECONDS);
            case CommandOutcome.Undecided<D> _ -> undecided.increment();
            case CommandOutcome.Unacknowledged<D> _ -> {}
        }
    }
}
