package io.tailrace.ingest.seat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Who waits for which decision. At most {@link SeatSettings#maxWaiting()} at a time. When the service is told to end, nobody waits
 * any longer: whose command is in the log is told that it is not decided yet. Thread-safe; never blocks.
 *
 * <p>An answer is told by its command's id and by the fingerprint of what the command asked for: two commands that share
 * an id by mistake get an answer each.
 */
@Singleton
final class Waiting implements GracefulShutdownCapable {
    private record Waiter(String fingerprint, CompletableFuture<CommandOutcome> outcome) {}

    private final ConcurrentHashMap<UUID, List<Waiter>> waiters = new ConcurrentHashMap<>();

    /** Those of the waiters whose commands are in the log. */
    private final Set<CompletableFuture<CommandOutcome>> undecided = ConcurrentHashMap.newKeySet();

    private final Semaphore places;
    private final int maxWaiting;
    private final Counter refused;
    private volatile boolean ending;

    Waiting(SeatSettings settings, MeterRegistry meters) {
        this.maxWaiting = settings.maxWaiting();
        this.places = new Semaphore(maxWaiting);
        this.refused = Counter.builder("tailrace.seats.waiting.refused")
                .description("Requests that were refused because too many waited for decisions")
                .register(meters);
        Gauge.builder("tailrace.seats.waiting", () -> maxWaiting - places.availablePermits())
                .description("Requests that wait for decisions")
                .register(meters);
    }

    /**
     * Waits for an answer from now on; called before the command goes to the log, so that no answer can be missed. The
     * place is taken until the future is completed, which its holder must see to.
     *
     * @throws ProblemException 503 if too many wait already
     */
    CompletableFuture<CommandOutcome> waitFor(UUID commandId, String fingerprint) {
        if (!places.tryAcquire()) {
            refused.increment();
            throw ProblemException.unavailable(
                    maxWaiting + " requests wait for decisions about seats already", Duration.ofSeconds(1), null);
        }
        CompletableFuture<CommandOutcome> outcome = new CompletableFuture<>();
        Waiter waiter = new Waiter(fingerprint, outcome);
        var unused = waiters.merge(commandId, List.of(waiter), Waiting::both);
        var unusedStage = outcome.whenComplete((value, e) -> {
            var unusedRest = waiters.computeIfPresent(commandId, (id, present) -> without(present, waiter));
            undecided.remove(outcome);
            places.release();
        });
        return outcome;
    }

    /** The command of a waiter is in the log: if it is not decided in time, that is the answer. */
    void acknowledged(CompletableFuture<CommandOutcome> outcome, long leftNs) {
        undecided.add(outcome);
        // Looked at after it was added: either this sees that the service ends, or the end sees this one.
        if (ending || leftNs <= 0) {
            outcome.complete(new CommandOutcome.Undecided());
        } else {
            outcome.completeOnTimeout(new CommandOutcome.Undecided(), leftNs, TimeUnit.NANOSECONDS);
        }
        if (outcome.isDone()) {
            // It was decided before it was added.
            undecided.remove(outcome);
        }
    }

    @Override
    public CompletionStage<?> shutdownGracefully() {
        ending = true;
        undecided.forEach(outcome -> outcome.complete(new CommandOutcome.Undecided()));
        // The server itself waits until the answers are written.
        return CompletableFuture.completedFuture(null);
    }

    /** Whether nobody waits at all. */
    boolean isEmpty() {
        return waiters.isEmpty();
    }

    /** Whether somebody waits for an answer to this command. */
    boolean isWanted(UUID commandId) {
        return waiters.containsKey(commandId);
    }

    /** Tells an answer to those who wait for it. */
    void tell(DecisionMade decision) {
        CommandOutcome outcome = new CommandOutcome.Decided(decision);
        for (Waiter waiter : waiters.getOrDefault(decision.commandId(), List.of())) {
            if (waiter.fingerprint().equals(decision.fingerprint())) {
                waiter.outcome().complete(outcome);
            }
        }
    }

    private static List<Waiter> both(List<Waiter> some, List<Waiter> more) {
        List<Waiter> both = new ArrayList<>(some);
        both.addAll(more);
        return List.copyOf(both);
    }

    @SuppressWarnings("NullAway") // Null removes the entry: that is how ConcurrentHashMap has it.
    private static List<Waiter> without(List<Waiter> present, Waiter gone) {
        List<Waiter> rest = present.stream().filter(waiter -> waiter != gone).toList();
        return rest.isEmpty() ? null : rest;
    }
}
