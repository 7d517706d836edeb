package io.tailrace.dispatcher.poison;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events that a broker refused and the records that could not be applied, remembered from one attempt to the next.
 *
 * <p>A refused record puts its producer's whole transaction into an error state, so under exactly-once nothing can be
 * diverted at that point: everything is aborted, and done again. The topology then finds the event here and diverts it. The
 * same is done with a record whose application failed half way: what it had written until then is never committed.
 * The memory is of this process: after a restart the broker refuses once more, and then it is here again. Thread-safe.
 */
public final class RefusedEvents {
    /** The key of the memory in the configuration of a Streams application. */
    public static final String CONFIG = "tailrace.poison.refused";

    /** Events and records remembered; more than a transaction of refusals at once is unheard of. The oldest is forgotten first. */
    static final int MAX_EVENTS = 1_000;

    /** The key of a record that could not be applied. */
    private record Place(String topic, int partition, long offset) {}

    /** By an event's id, or by a record's {@link Place}. */
    private final Map<Object, String> reasons = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, String> eldest) {
            return size() > MAX_EVENTS;
        }
    };

    /** The memory that a configuration names, or a fresh one. */
    public static RefusedEvents from(Map<String, ?> config) {
        return config.get(CONFIG) instanceof RefusedEvents refused ? refused : new RefusedEvents();
    }

    /** Remembers that an event was refused. */
    public synchronized void refuse(String eventId, String reason) {
        reasons.put(eventId, reason);
    }

    /** Remembers that a record could not be applied. */
    public synchronized void fail(String topic, int partition, long offset, String reason) {
        reasons.put(new Place(topic, partition, offset), reason);
    }

    /** Why an event was refused, or null if it was not. */
    public synchronized @Nullable String reason(String eventId) {
        return reasons.isEmpty() ? null : reasons.get(eventId);
    }

    /** Why a record could not be applied, or null if it was not tried or could be. */
    public synchronized @Nullable String failure(String topic, int partition, long offset) {
        return reasons.isEmpty() ? null : reasons.get(new Place(topic, partition, offset));
    }
}
