package io.tailrace.workers.bridge;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.kit.job.testing.FakeJob;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** An attempt at the job of a bridge, as a worker makes it, on a thread of its own. */
final class Attempt {
    private final RunningBridges running = new RunningBridges();
    private final CompletableFuture<Object> outcome = new CompletableFuture<>();
    private final Thread thread;

    /**
     * Begins it.
     *
     * @param number grows with each attempt at the job
     */
    Attempt(Bridge bridge, UUID job, int number, BridgeRun.Collaborators with) {
        BridgeHandler handler = new BridgeHandler(with, running);
        thread = Thread.ofVirtual().start(() -> {
            try {
                outcome.complete(handler.run(bridge, FakeJob.of(job, number)));
            } catch (Exception e) {
                outcome.completeExceptionally(e);
            }
        });
    }

    RunningBridges running() {
        return running;
    }

    /** Ends it as a worker that stops does. */
    void stop() throws InterruptedException {
        thread.interrupt();
        Eventually.ends("the attempt", thread);
    }

    /** What it returns. */
    Object result() throws ExecutionException, InterruptedException {
        return Eventually.result("the job ends", outcome);
    }

    /** How it fails. */
    Throwable failure() throws InterruptedException {
        try {
            Object unused = result();
            throw new AssertionError("it succeeded");
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }
}
