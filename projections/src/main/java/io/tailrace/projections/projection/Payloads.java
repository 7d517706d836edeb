package io.tailrace.projections.projection;

import com.fasterxml.jackson.core.JacksonException;
import io.tailrace.contracts.event.Event;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.json.UnreadablePayload;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads payloads that are records of the contracts. A field that is missing is null until it is required here. Pure. */
public final class Payloads {
    private Payloads() {}

    /**
     * An event's payload.
     *
     * @throws UnreadablePayload if it is not JSON, not a {@code type}, or out of that type's ranges
     */
    public static <T> T read(Event event, Class<T> type) throws UnreadablePayload {
        try {
            T payload = Json.read(event.data(), type);
            if (payload == null) {
                throw new UnreadablePayload("data: null, expected a JSON object");
            }
            return payload;
        } catch (JacksonException e) {
            throw new UnreadablePayload("data: no " + type.getSimpleName() + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UnreadablePayload("data: no " + type.getSimpleName() + ": " + e.getMessage());
        }
    }

    /**
     * A field that must be there.
     *
     * @throws UnreadablePayload if it is null
     */
    public static <T> T require(String field, @Nullable T value) throws UnreadablePayload {
        if (value == null) {
            throw new UnreadablePayload(field + ": missing");
        }
        return value;
    }

    /**
     * Checks that a field says the same as the record's key.
     *
     * @throws UnreadablePayload if it is null or says something else
     */
    public static void requireKey(String key, String field, @Nullable UUID value) throws UnreadablePayload {
        if (!require(field, value).toString().equals(key)) {
            throw new UnreadablePayload(field + ": " + value + ", expected what the key says");
        }
    }
}
