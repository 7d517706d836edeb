package io.tailrace.edge.watch;

import io.tailrace.grpc.series.v1.Point;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Points that wait for their time: of each window the latest state, in the order of the log. So whoever has got one of them and comes back
 * with its position gets all that were behind it. Bounded in number. Not thread-safe.
 */
public final class Conflation {
    private final int capacity;
    private final Map<Long, Held> latest = new LinkedHashMap<>();
    private int passedOver;

    /**
     * A point that waits.
     *
     * @param position the cursor of the channel behind it
     * @param told which windows the history had told when it came
     */
    public record Held(Point point, String position, SentWindows told) {}

    /**
     * Nothing waits.
     *
     * @param capacity how many windows there may be; above 0
     */
    public Conflation(int capacity) {
        this.capacity = capacity;
    }

    /** Whether there is room for another window. */
    public boolean hasRoom() {
        return latest.size() < capacity;
    }

    /** Whether nothing waits. */
    public boolean isEmpty() {
        return latest.isEmpty();
    }

    /** Takes a point; an earlier one with the same key is passed over. */
    public void put(long key, Held held) {
        if (latest.remove(key) != null) {
            passedOver++;
        }
        latest.put(key, held);
    }

    /** Gives the point away that came before all others; null if there is none. */
    public @Nullable Held poll() {
        var first = latest.entrySet().iterator();
        if (!first.hasNext()) {
            return null;
        }
        Held held = first.next().getValue();
        first.remove();
        return held;
    }

    /** How many states were passed over since this was asked last. */
    public int takePassedOver() {
        int taken = passedOver;
        passedOver = 0;
        return taken;
    }
}
