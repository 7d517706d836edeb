package io.tailrace.dispatcher.poison;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events that a broker refused, remembered from one attempt to the next.
 *
 * <p>A refused record puts its producer's whole transaction into an error state, so under exactly-once nothing can be
 * diverted at that point: everything is aborted, and done again. The topology then finds the event here and diverts it.
 * The memory is of this process: after a restart the broker refuses once more, and then it is here again. Thread-safe.
 */
public final class RefusedEvents {
    /** The key of the memory in the configuration of a Streams application. */
    public static final String CONFIG = "tailrace.poison.refused";

    /** Events remembered; more than a transaction of refusals at once is unheard of. The oldest is forgotten first. */
    static final int MAX_EVENTS = 1_000;

    private final Map<String, String> reasonById = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_EVENTS;
        }
    };

    /** The memory that a configuration names, or a fresh one. */
    public static RefusedEvents from(Map<String, ?> config) {
        return config.get(CONFIG) instanceof RefusedEvents refused ? refused : new RefusedEvents();
    }

    /** Remembers that an event was refused. */
    public synchronized void refuse(String eventId, String reason) {
        reasonById.put(eventId, reason);
    }

    /** Why an event was refused, or null if it was not. */
    public synchronized @Nullable String reason(String eventId) {
        return reasonById.isEmpty() ? null : reasonById.get(eventId);
    }
}
