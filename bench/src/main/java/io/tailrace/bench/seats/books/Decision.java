package io.tailrace.bench.seats.books;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A decision as the log has it.
 *
 * @param commandId what was decided
 * @param repeated whether the log says that it had been decided before
 * @param reason why it was refused, or null
 * @param reservation as it stood then, or null if it was refused
 */
record Decision(UUID commandId, boolean repeated, @Nullable String reason, @Nullable Reservation reservation) {
    /** Reads the JSON of an event. */
    static Decision of(JsonNode json) {
        boolean accepted = json.path("accepted").asBoolean();
        return new Decision(
                UUID.fromString(json.path("command_id").asText()),
                json.path("repeated").asBoolean(),
                accepted ? null : json.path("reason").asText(),
                accepted ? Reservation.of(json.path("reservation")) : null);
    }

    /** Whether it says the same, whatever became of the reservation since. */
    boolean isLike(Decision other) {
        return reservation == null
                ? other.reservation() == null
                : other.reservation() != null
                        && reservation.id().equals(other.reservation().id());
    }
}
