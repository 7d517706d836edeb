package io.tailrace.projections.seat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatDecision.Reason;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.seat.SeatEvents.ReservationChanged;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Payloads;
import io.tailrace.projections.projection.Projection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code tailrace.seat-events} to {@link ReservationChange}. A repeated answer changes nothing. */
public final class ReservationProjection implements Projection<ReservationChange> {
    /**
     * Refusals that say nothing about a reservation of the command's own: a key that was used again leaves the first
     * decision as it was, and the others are answers to confirmations and releases.
     */
    private static final Set<String> OF_NO_HOLD = Stream.of(
                    Reason.KEY_REUSED,
                    Reason.UNKNOWN_RESERVATION,
                    Reason.EXPIRED,
                    Reason.ALREADY_CONFIRMED,
                    Reason.ALREADY_RELEASED)
            .map(reason -> reason.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());

    @Override
    public String name() {
        return "reservations";
    }

    @Override
    public String topic() {
        return Topics.SEAT_EVENTS;
    }

    @Override
    public ParsedRecord<ReservationChange> read(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Tombstone tombstone ->
                new ParsedRecord.Poison<>("a record without a value: decisions are not compacted");
            case LogEntry.Fact fact -> read(fact.key(), fact.event());
        };
    }

    private static ParsedRecord<ReservationChange> read(String key, Event event) {
        try {
            return switch (event.type()) {
                case SeatEvents.DECISION_MADE -> decision(key, Payloads.read(event, DecisionMade.class));
                case SeatEvents.RESERVATION_EXPIRED -> put(key, Payloads.read(event, ReservationChanged.class));
                default -> new ParsedRecord.Ignored<>();
            };
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }

    private static ParsedRecord<ReservationChange> decision(String key, DecisionMade decision)
            throws UnreadablePayload {
        Payloads.requireKey(key, "show_id", decision.showId());
        Payloads.require("command_id", decision.commandId());
        Payloads.require("user_id", decision.userId());
        if (decision.repeated()) {
            return new ParsedRecord.Ignored<>();
        }
        if (decision.accepted()) {
            return put(key, Payloads.require("reservation", decision.reservation()));
        }
        String reason = Payloads.require("reason", decision.reason());
        Payloads.require("seats", decision.seats());
        return OF_NO_HOLD.contains(reason)
                ? new ParsedRecord.Ignored<>()
                : new ParsedRecord.Changes<>(new ReservationChange.Refuse(decision, reason));
    }

    private static ParsedRecord<ReservationChange> put(String key, ReservationChanged reservation)
            throws UnreadablePayload {
        Payloads.requireKey(key, "show_id", reservation.showId());
        Payloads.require("id", reservation.id());
        Payloads.require("user_id", reservation.userId());
        Payloads.require("seats", reservation.seats());
        Payloads.require("state", reservation.state());
        Payloads.require("expires_at", reservation.expiresAt());
        return new ParsedRecord.Changes<>(new ReservationChange.Put(reservation));
    }
}
