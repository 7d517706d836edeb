package io.tailrace.edge.loop;

import io.netty.channel.EventLoop;
import io.tailrace.edge.log.LoopInbox;
import io.tailrace.edge.stream.LogPort;
import io.tailrace.edge.stream.LoopStats;
import io.tailrace.edge.stream.StreamLoop;
import io.tailrace.edge.stream.StreamSettings;
import io.tailrace.kit.time.MonotonicTime;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Netty event loop with its streams. Inputs run as they come; one turn, queued behind those that wait already, then
 * writes for all of them, so that the busier the loop is the more goes into one write.
 *
 * <p>{@link #post}, {@link #backlogBytes()} and {@link #stats()} may be called from any thread, everything else only on
 * the loop's own.
 */
public final class EdgeLoop implements LoopInbox {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeLoop.class);

    private final int index;
    private final EventLoop executor;
    private final StreamLoop streams;
    private final AtomicLong backlogBytes = new AtomicLong();
    private final FaultLog faults;
    private final SharedWrites sharedWrites = new SharedWrites();
    private boolean turnQueued;
    private boolean turnFailed;
    private volatile @Nullable LoopStats stats;

    /**
     * The streams of an event loop; {@link #start} is still to be called.
     *
     * @param index its number, from 0
     * @param log makes the loop's port to the log
     */
    EdgeLoop(
            int index,
            EventLoop executor,
            StreamSettings settings,
            Function<EdgeLoop, LogPort> log,
            RandomGenerator random) {
        this.index = index;
        this.executor = executor;
        this.faults = new FaultLog("event loop " + index);
        this.streams = new StreamLoop(settings, log.apply(this), random, faults);
    }

    void start(Duration tick) {
        var unused = executor.scheduleAtFixedRate(this::tick, tick.toMillis(), tick.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Its number among the loops of this edge, from 0. */
    public int index() {
        return index;
    }

    /** The thread that everything runs on. */
    public EventLoop executor() {
        return executor;
    }

    /** The core, for inputs on the loop's thread; {@link #requestTurn} must follow. */
    public StreamLoop streams() {
        return streams;
    }

    /** What its streams are sent alike between two turns. */
    public SharedWrites sharedWrites() {
        return sharedWrites;
    }

    /** Counts as of the last tick; null before the first. */
    public @Nullable LoopStats stats() {
        return stats;
    }

    /** Exceptions that were survived, by its streams or by itself. May be called from any thread. */
    public long faultsTotal() {
        return faults.total();
    }

    /** Has a turn run behind what waits already. */
    public void requestTurn() {
        if (!turnQueued) {
            turnQueued = true;
            executor.execute(this::turn);
        }
    }

    @Override
    public void post(Consumer<StreamLoop> input, long bytes) {
        backlogBytes.addAndGet(bytes);
        try {
            executor.execute(() -> {
                backlogBytes.addAndGet(-bytes);
                try {
                    input.accept(streams);
                } catch (RuntimeException | Error e) {
                    faults.onFault("input", e);
                }
                requestTurn();
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("event loop {} has ended", index, e);
        }
    }

    @Override
    public long backlogBytes() {
        return backlogBytes.get();
    }

    private void turn() {
        turnQueued = false;
        boolean more;
        try {
            more = streams.turn(MonotonicTime.nowMs());
            turnFailed = false;
        } catch (RuntimeException | Error e) {
            faults.onFault("turn", e);
            // Once more, for what it has left; after that the next tick has another try.
            more = !turnFailed;
            turnFailed = true;
        } finally {
            sharedWrites.release();
        }
        if (more) {
            requestTurn();
        }
    }

    private void tick() {
        try {
            streams.tick(MonotonicTime.nowMs(), System.currentTimeMillis());
            stats = streams.stats();
        } catch (RuntimeException | Error e) {
            // A scheduled task that throws is not run again; heartbeats must not end with one fault.
            faults.onFault("tick", e);
        }
        requestTurn();
    }
}
