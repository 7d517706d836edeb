package io.tailrace.kit.outbound;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The way to one host.
 *
 * @param circuit whether it is well
 * @param calls attempts that may still begin
 */
record HostGate(CircuitBreaker circuit, Semaphore calls) {
    /**
     * Waits for a place.
     *
     * @return whether there is one; then {@link #leave} is to be called
     */
    boolean enter(long withinMs) throws InterruptedException {
        return calls.tryAcquire(withinMs, TimeUnit.MILLISECONDS);
    }

    void leave() {
        calls.release();
    }

    boolean isOpen() {
        return switch (circuit.getState()) {
            case OPEN, FORCED_OPEN -> true;
            case CLOSED, HALF_OPEN, DISABLED, METRICS_ONLY -> false;
        };
    }

    /** Notes what an attempt says about the host. It must have had the circuit's permission. */
    void note(OutboundOutcome outcome) {
        Optional<Boolean> fault = Retries.isHostsFault(outcome);
        if (fault.isEmpty()) {
            circuit.releasePermission();
        } else if (fault.get()) {
            circuit.onError(0, TimeUnit.MILLISECONDS, new HostFault());
        } else {
            circuit.onSuccess(0, TimeUnit.MILLISECONDS);
        }
    }

    /** What the library wants to be given for a failure; it looks at its type alone. */
    private static final class HostFault extends Exception {
        private static final long serialVersionUID = 1L;

        HostFault() {
            super(null, null, false, false);
        }
    }
}
