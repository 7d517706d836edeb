package io.tailrace.edge.http;

import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.loop.EdgeLoops;
import io.tailrace.kit.time.MonotonicTime;
import jakarta.inject.Singleton;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an edge: it takes no more streams, says that it is not ready, and closes its streams one after the other, each
 * with its own jittered {@code retry:}, so that its clients come to the other edges as a trickle and not as a flood.
 */
@Singleton
final class Drain implements GracefulShutdownCapable {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final long POLL_MS = 20;

    private final EdgeSettings settings;
    private final EdgeLoops loops;
    private final ConnectionSlots slots;

    Drain(EdgeSettings settings, EdgeLoops loops, ConnectionSlots slots) {
        this.settings = settings;
        this.loops = loops;
        this.slots = slots;
    }

    @Override
    public CompletionStage<?> shutdownGracefully() {
        slots.drain();
        long drainMs = settings.drainTime().toMillis();
        LOG.info("closing {} streams over {} ms", slots.taken(), drainMs);
        loops.all().forEach(loop -> loop.post(streams -> streams.drain(MonotonicTime.nowMs(), drainMs), 0));
        long mostMs = drainMs + settings.closeTimeout().toMillis();
        CompletableFuture<Void> done = new CompletableFuture<>();
        awaitEnd(done, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(mostMs));
        return done;
    }

    @Override
    public OptionalLong reportActiveTasks() {
        return OptionalLong.of(slots.taken());
    }

    private void awaitEnd(CompletableFuture<Void> done, long deadlineNs) {
        if (slots.taken() == 0 || System.nanoTime() - deadlineNs >= 0) {
            done.complete(null);
        } else {
            CompletableFuture.delayedExecutor(POLL_MS, TimeUnit.MILLISECONDS).execute(() -> awaitEnd(done, deadlineNs));
        }
    }
}
