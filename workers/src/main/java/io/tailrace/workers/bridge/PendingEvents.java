package io.tailrace.workers.bridge;

import io.tailrace.kit.json.Json;
import io.tailrace.workers.bridge.sequence.Copied;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was copied in one step, as it is stored beside the position: with the ids of its events and of its metric, so that it is written again as it
 * was, whatever has become of the bridge.
 *
 * @param entries in their order
 */
record PendingEvents(List<Entry> entries) {
    /** Nothing. */
    static final PendingEvents NONE = new PendingEvents(List.of());

    /**
     * An event, of which one of the two is there.
     *
     * @param id of the event
     * @param metricId of the metric that it is about
     */
    record Entry(UUID id, UUID metricId, Copied.@Nullable Reading reading, Copied.@Nullable Gap gap) {
        static Entry of(UUID id, UUID metricId, Copied copied) {
            return switch (copied) {
                case Copied.Reading reading -> new Entry(id, metricId, reading, null);
                case Copied.Gap gap -> new Entry(id, metricId, null, gap);
            };
        }
    }

    /** Whether there is nothing. */
    boolean hasNothing() {
        return entries.isEmpty();
    }

    /** As JSON; null for nothing. */
    @Nullable
    String json() {
        return entries.isEmpty() ? null : new String(Json.write(this), StandardCharsets.UTF_8);
    }

    /** What {@link #json} has written. */
    static PendingEvents read(@Nullable String json) {
        if (json == null) {
            return NONE;
        }
        try {
            return Json.read(json.getBytes(StandardCharsets.UTF_8), PendingEvents.class);
        } catch (IOException e) {
            throw new UncheckedIOException("the table bridge_positions has what nobody has written", e);
        }
    }
}
