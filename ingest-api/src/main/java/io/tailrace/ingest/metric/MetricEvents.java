package io.tailrace.ingest.metric;

import io.tailrace.contracts.event.Event;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.json.Json;
import java.time.Instant;
import java.util.UUID;

/** Facts about metrics, as they are written to the log. Pure. */
final class MetricEvents {
    private MetricEvents() {}

    /**
     * A fact.
     *
     * @param key the metric
     * @param at when it was said
     */
    static OutgoingEvent fact(String topic, String key, String type, UUID id, Instant at, Object data) {
        Event event = new Event(id.toString(), type, EventSource.INGEST_API, at, key, Json.write(data));
        return OutgoingEvent.fact(topic, key, event);
    }
}
