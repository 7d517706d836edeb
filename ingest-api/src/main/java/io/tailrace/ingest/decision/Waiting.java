package io.tailrace.ingest.decision;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Who waits for which decision, a bounded number at a time. Thread-safe; never blocks.
 *
 * <p>An answer is told by its command's id and by the fingerprint of what the command asked for: two commands that share
 * an id by mistake get an answer each.
 *
 * @param <D> the type of the decisions
 */
public final class Waiting<D> {
    private record Waiter<D>(String fingerprint, CompletableFuture<CommandOutcome<D>> outcome) {}

    private final ConcurrentHashMap<UUID, List<Waiter<D>>> waiters = new ConcurrentHashMap<>();

    /** Those of the waiters whose commands are in the log. */
    private final Set<CompletableFuture<CommandOutcome<D>>> undecided = ConcurrentHashMap.newKeySet();

    private final Decisions<D> kind;
    private final Semaphore places;
    private final int maxWaiting;
    private final Counter refused;
    private volatile boolean ending;

    /**
     * Nobody waits yet.
     *
     * @param maxWaiting requests that may wait at a time; one more is answered 503 at once
     */
    public Waiting(Decisions<D> kind, int maxWaiting, MeterRegistry meters) {
        this.kind = kind;
        this.maxWaiting = maxWaiting;
        this.places = new Semaphore(maxWaiting);
        this.refused = Counter.builder(kind.meterPrefix() + ".waiting.refused")
                .description("Requests that were refused because too many waited for decisions")
                .register(meters);
        Gauge.builder(kind.meterPrefix() + ".waiting", () -> maxWaiting - places.availablePermits())
                .description("Requests that wait for decisions")
                .register(meters);
    }

    /**
     * Waits for an answer from now on; called before the command goes to the log, so that no answer can be missed. The
     * place is taken until the future is completed, which its holder must see to.
     *
     * @throws ProblemException 503 if too many wait already
     */
    public CompletableFuture<CommandOutcome<D>> waitFor(UUID commandId, String fingerprint) {
        if (!places.tryAcquire()) {
            refused.increment();
            throw ProblemException.unavailable(
                    maxWaiting + " requests wait for decisions about " + kind.subject() + " already",
                    Duration.ofSeconds(1),
                    null);
        }
        CompletableFuture<CommandOutcome<D>> outcome = new CompletableFuture<>();
        Waiter<D> waiter = new Waiter<>(fingerprint, outcome);
        var unused = waiters.merge(commandId, List.of(waiter), Waiting::both);
        var unusedStage = outcome.whenComplete((value, e) -> {
            var unusedRest = waiters.computeIfPresent(commandId, (id, present) -> without(present, waiter));
            undecided.remove(outcome);
            places.release();
        });
        return outcome;
    }

    /** The command of a waiter is in the log: if it is not decided in time, that is the answer. */
    void acknowledged(CompletableFuture<CommandOutcome<D>> outcome, long leftNs) {
        undecided.add(outcome);
        // Looked at after it was added: either this sees that the service ends, or the end sees this one.
        if (ending || leftNs <= 0) {
            outcome.complete(new CommandOutcome.Undecided<>());
        } else {
            outcome.completeOnTimeout(new CommandOutcome.Undecided<>(), leftNs, TimeUnit.NANOSECONDS);
        }
        if (outcome.isDone()) {
            // It was decided before it was added.
            undecided.remove(outcome);
        }
    }

    /** Nobody waits any longer. */
    void end() {
        ending = true;
        undecided.forEach(outcome -> outcome.complete(new CommandOutcome.Undecided<>()));
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
    void tell(D decision) {
        CommandOutcome<D> outcome = new CommandOutcome.Decided<>(decision);
        for (Waiter<D> waiter : waiters.getOrDefault(kind.commandId(decision), List.of())) {
            if (waiter.fingerprint().equals(kind.fingerprint(decision))) {
                waiter.outcome().complete(outcome);
            }
        }
    }

    private static <D> List<Waiter<D>> both(List<Waiter<D>> some, List<Waiter<D>> more) {
        List<Waiter<D>> both = new ArrayList<>(some);
        both.addAll(more);
        return List.copyOf(both);
    }

    @SuppressWarnings("NullAway") // Null removes the entry: that is how ConcurrentHashMap has it.
    private static <D> List<Waiter<D>> without(List<Waiter<D>> present, Waiter<D> gone) {
        List<Waiter<D>> rest = present.stream().filter(waiter -> waiter != gone).toList();
        return rest.isEmpty() ? null : rest;
    }
}
