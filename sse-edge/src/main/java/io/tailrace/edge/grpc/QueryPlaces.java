package io.tailrace.edge.grpc;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many queries are under way at the same time: when many clients come back at once, those who answer queries would refuse most of
 * them. Whoever comes first goes first. Thread-safe.
 */
final class QueryPlaces {
    private final int limit;
    private final Executor executor;
    private final Set<Place> waiting = new LinkedHashSet<>();
    private int taken;

    /**
     * Places.
     *
     * @param executor where those go on who have waited
     */
    QueryPlaces(int limit, Executor executor) {
        this.limit = limit;
        this.executor = executor;
    }

    /** The place of one query, or of one that waits for it. Thread-safe. */
    final class Place {
        private final CompletableFuture<Void> granted = new CompletableFuture<>();
        private boolean held;
        private boolean left;

        private Place() {}

        /** Completes as soon as the place may be used. */
        CompletableFuture<Void> granted() {
            return granted;
        }

        /** Gives it to the next one, or does not wait for it any more; does nothing the second time. */
        void leave() {
            Place next;
            synchronized (QueryPlaces.this) {
                if (left) {
                    return;
                }
                left = true;
                next = held ? pass() : null;
                waiting.remove(this);
            }
            if (next != null) {
                // Not on this stack: one that has nothing to do any more leaves at once, and so do all behind it.
                executor.execute(() -> next.granted.complete(null));
            }
        }
    }

    /** A place. */
    Place enter() {
        Place place = new Place();
        synchronized (this) {
            if (taken == limit) {
                waiting.add(place);
                return place;
            }
            taken++;
            place.held = true;
        }
        place.granted.complete(null);
        return place;
    }

    /** Who gets the place of one that leaves; null if nobody waits. */
    private @Nullable Place pass() {
        var first = waiting.iterator();
        if (!first.hasNext()) {
            taken--;
            return null;
        }
        Place next = first.next();
        first.remove();
        next.held = true;
        return next;
    }
}
