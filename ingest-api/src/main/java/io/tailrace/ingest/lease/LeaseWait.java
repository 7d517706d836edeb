package io.tailrace.ingest.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A request for leases that waits: which jobs it wants, how many of them are about to begin in its name, and which have begun. It is
 * answered when there is one and none is about to begin. Thread-safe; never blocks.
 */
final class LeaseWait {
    private final Set<String> types;
    private final String worker;
    private final CompletableFuture<List<Lease>> answer = new CompletableFuture<>();
    private final List<Lease> granted = new ArrayList<>();
    private int free;
    private int starting;
    private boolean closed;
    private boolean answered;

    /**
     * A request.
     *
     * @param types the types of jobs that it wants
     * @param worker in whose name attempts begin
     * @param limit the most leases that it wants
     */
    LeaseWait(Set<String> types, String worker, int limit) {
        this.types = Set.copyOf(types);
        this.worker = worker;
        this.free = limit;
    }

    Set<String> types() {
        return types;
    }

    String worker() {
        return worker;
    }

    /** Completed with its leases, which may be none; never exceptionally. */
    CompletableFuture<List<Lease>> answer() {
        return answer;
    }

    /** Whether it would take a job of a type. */
    synchronized boolean wants(String type) {
        return !closed && !answered && free > 0 && types.contains(type);
    }

    /** An attempt is about to begin in its name, if it wants the type; returns whether it does. */
    synchronized boolean take(String type) {
        if (!wants(type)) {
            return false;
        }
        free--;
        starting++;
        return true;
    }

    /** The attempt will not begin, or nobody knows when: there is room for another one. */
    void giveBack() {
        synchronized (this) {
            free++;
            starting--;
        }
        answerIfDue();
    }

    /**
     * The attempt has begun.
     *
     * @return whether the request takes it; if it was answered meanwhile, nobody does
     */
    boolean grant(Lease lease) {
        synchronized (this) {
            starting--;
            if (answered) {
                return false;
            }
            granted.add(lease);
        }
        answerIfDue();
        return true;
    }

    /** Its time is over: it takes no more, and is answered when what is about to begin has begun. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        answerIfDue();
    }

    /** It is answered now with what has begun. */
    void answerNow() {
        synchronized (this) {
            closed = true;
            starting = 0;
        }
        answerIfDue();
    }

    /** Nobody reads its answer: returns what has begun for it and was not answered, which its caller hands back. */
    List<Lease> abandon() {
        List<Lease> left;
        synchronized (this) {
            left = answered ? List.of() : List.copyOf(granted);
            answered = true;
        }
        answer.complete(List.of());
        return left;
    }

    private void answerIfDue() {
        List<Lease> leases;
        synchronized (this) {
            if (answered || starting > 0 || granted.isEmpty() && !closed) {
                return;
            }
            answered = true;
            leases = List.copyOf(granted);
        }
        answer.complete(leases);
    }
}
