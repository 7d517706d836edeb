package io.tailrace.edge.replay.plan;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.PartitionId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which range to read next for the event loops of one edge. Not thread-safe: its owner (the replay reader)
 * serialises the calls.
 *
 * <p>Each loop has at most one request per partition, so the requests are bounded by loops × partitions. Within a
 * partition it works like an elevator: on upward from the end of the last range, then from the smallest again.
 * Partitions take turns. A finished chunk goes to every loop that has a request in the partition, because its
 * other streams may want it too.
 */
public final class ReplayPlanner {
    private final ReplaySettings settings;
    private final Map<Source, Requests> requests = new HashMap<>();

    /** Sources with requests that are not being read, in the order in which they get their turn. */
    private final ArrayDeque<Source> turns = new ArrayDeque<>();

    private int inFlight;
    private long budgetBytes;
    private long refilledAtMs;

    /**
     * A planner without requests.
     *
     * @param settings its bounds
     * @param nowMs milliseconds of a clock that does not go back
     */
    public ReplayPlanner(ReplaySettings settings, long nowMs) {
        this.settings = settings;
        this.budgetBytes = settings.burstBytes();
        this.refilledAtMs = nowMs;
    }

    /** A loop wants a chunk that covers {@code fromOffset}; replaces its earlier request for the partition. */
    public void request(int loop, PartitionId partition, Generation generation, long fromOffset) {
        Source source = new Source(partition, generation);
        cancelOthers(loop, partition, source);
        Requests wanted = requests.get(source);
        if (wanted == null) {
            wanted = new Requests();
            requests.put(source, wanted);
            turns.addLast(source);
        }
        wanted.put(loop, fromOffset);
    }

    /** A loop wants nothing of the partition any more. */
    public void cancel(int loop, PartitionId partition) {
        cancelOthers(loop, partition, null);
    }

    /**
     * The next range to read, which is in flight from now on; null if there is none, all readers are busy or the
     * budget is spent.
     */
    public @Nullable ReplayRange next(long nowMs) {
        return next(nowMs, partition -> true);
    }

    /** The same, of certain partitions only. */
    public @Nullable ReplayRange next(long nowMs, Predicate<PartitionId> mine) {
        refill(nowMs);
        if (inFlight >= settings.maxInFlight() || budgetBytes <= 0) {
            return null;
        }
        Source source = firstOf(mine);
        if (source == null) {
            return null;
        }
        turns.remove(source);
        inFlight++;
        budgetBytes -= settings.chunkBytes();
        long fromOffset = requestsOf(source).begin();
        return new ReplayRange(source.partition(), source.generation(), fromOffset, settings.chunkBytes());
    }

    /** When {@link #next} may have something though nothing else happens: {@link Long#MAX_VALUE} if never. */
    public long nextAtMs(long nowMs) {
        return nextAtMs(nowMs, partition -> true);
    }

    /** The same, of certain partitions only. */
    public long nextAtMs(long nowMs, Predicate<PartitionId> mine) {
        if (firstOf(mine) == null || inFlight >= settings.maxInFlight()) {
            return Long.MAX_VALUE;
        }
        refill(nowMs);
        return budgetBytes > 0 ? nowMs : nowMs + 1 + -budgetBytes * 1000 / settings.bytesPerSecond();
    }

    /**
     * A range was read.
     *
     * @param range as {@link #next} gave it
     * @param toOffset the offset after what was read
     * @param readBytes bytes that were read, for the budget
     * @return the loops that get the chunk, ascending
     */
    public int[] completed(ReplayRange range, long toOffset, long readBytes) {
        budgetBytes -= readBytes - settings.chunkBytes();
        Requests wanted = requestsOf(new Source(range.partition(), range.generation()));
        int[] loops = wanted.loops();
        wanted.served(range.fromOffset(), toOffset);
        end(range);
        return loops;
    }

    /**
     * A range begins below the start of the log.
     *
     * @return the loops that have asked for something below {@code logStart}, ascending; their requests are done
     */
    public int[] gone(ReplayRange range, long logStart) {
        budgetBytes += settings.chunkBytes();
        int[] loops =
                requestsOf(new Source(range.partition(), range.generation())).take(0, logStart);
        end(range);
        return loops;
    }

    /**
     * A range could not be read.
     *
     * @return the loops whose request it was, ascending; their requests are done, and they will ask again
     */
    public int[] failed(ReplayRange range) {
        budgetBytes += settings.chunkBytes();
        int[] loops = requestsOf(new Source(range.partition(), range.generation()))
                .take(range.fromOffset(), range.fromOffset() + 1);
        end(range);
        return loops;
    }

    /** Requests that wait, those that are being read among them. */
    public int waiting() {
        return requests.values().stream().mapToInt(Requests::size).sum();
    }

    /** Ranges that are being read. */
    public int inFlight() {
        return inFlight;
    }

    private @Nullable Source firstOf(Predicate<PartitionId> mine) {
        for (Source source : turns) {
            if (mine.test(source.partition())) {
                return source;
            }
        }
        return null;
    }

    private void cancelOthers(int loop, PartitionId partition, @Nullable Source kept) {
        requests.entrySet().removeIf(entry -> {
            Source source = entry.getKey();
            Requests wanted = entry.getValue();
            boolean other = source.partition().equals(partition) && !source.equals(kept);
            if (other && wanted.remove(loop) && wanted.isIdle()) {
                turns.remove(source);
                return true;
            }
            return false;
        });
    }

    private void end(ReplayRange range) {
        inFlight--;
        Source source = new Source(range.partition(), range.generation());
        Requests wanted = requestsOf(source);
        wanted.end();
        if (wanted.isIdle()) {
            requests.remove(source);
        } else {
            turns.addLast(source);
        }
    }

    private Requests requestsOf(Source source) {
        Requests wanted = requests.get(source);
        if (wanted == null) {
            throw new IllegalArgumentException("partition " + source.partition() + ": no range of it is in flight");
        }
        return wanted;
    }

    private void refill(long nowMs) {
        long elapsedMs = Math.clamp(nowMs - refilledAtMs, 0, 60_000);
        long earned = elapsedMs * settings.bytesPerSecond() / 1000;
        if (earned > 0) {
            budgetBytes = Math.min(settings.burstBytes(), budgetBytes + earned);
            refilledAtMs = nowMs;
        }
    }
}
