package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.CommandFingerprint;
import io.tailrace.contracts.seat.Reservation;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatDecision;
import io.tailrace.contracts.seat.SeatDecision.Reason;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.seat.SeatEvents.ReservationChanged;
import io.tailrace.contracts.seat.SeatEvents.SeatsChanged;
import io.tailrace.dispatcher.channel.ChannelEvent;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Writes what was decided: to the events of the show, to its public channel and to its people's. One task's. */
final class SeatOutput {
    static final String EVENTS_SINK = "seat-events";
    static final String SHOW_SINK = "show-channel";
    static final String USER_SINK = "user-channel";
    static final String CLOCK_SINK = "clock";

    private static final String SOURCE = "/tailrace/event-dispatcher";
    private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);

    /** The bits of an id that may be changed without its ceasing to be a UUIDv7. */
    private static final long RANDOM_BITS = 0x0fff_ffff_ffff_ffffL;

    private final ProcessorContext<byte[], byte[]> context;
    private final SeatSensors sensors;

    SeatOutput(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        this.sensors = SeatSensors.of(context);
    }

    /** Tells the answer to a command. A repeated one is told again, for a caller that waits for it. */
    void decided(SeatCommand command, SeatDecision decision, boolean repeated, long nowMs) {
        DecisionMade made = DecisionMade.of(command, decision, repeated);
        UUID id = command.commandId();
        boolean refused = false;
        if (decision instanceof SeatDecision.Refused(UUID _, Reason reason, var _)) {
            refused = true;
            if (reason == Reason.KEY_REUSED) {
                // The first decision has the plain id; readers that drop repeats by id must not drop this one.
                id = variant(id, CommandFingerprint.of(command));
            }
        }
        toShow(command.showId(), event(id, SeatEvents.DECISION_MADE, nowMs, Json.write(made)), nowMs);
        if (refused && !repeated) {
            toUser(command.userId(), event(id, SeatEvents.RESERVATION_REFUSED, nowMs, Json.write(made)), nowMs);
        }
        (repeated ? sensors.repeated() : refused ? sensors.refused() : sensors.accepted()).record();
    }

    /** Tells a reservation's new state to those who look at the show and to its holder. */
    void changed(Reservation reservation, long nowMs) {
        UUID id = variant(reservation.id(), reservation.state().ordinal());
        ReservationChanged change = ReservationChanged.of(reservation);
        byte[] json = Json.write(change);
        if (reservation.state() == Reservation.State.EXPIRED) {
            toShow(reservation.showId(), event(id, SeatEvents.RESERVATION_EXPIRED, nowMs, json), nowMs);
            sensors.expired().record();
        }
        byte[] seats = Json.write(new SeatsChanged(change.seats()));
        Event seatsChanged = event(id, SeatEvents.seatType(reservation.state()), nowMs, seats);
        context.forward(new ChannelEvent(seatsChanged, nowMs).to("show:" + reservation.showId()), SHOW_SINK);
        toUser(reservation.userId(), event(id, SeatEvents.reservationType(reservation.state()), nowMs, json), nowMs);
    }

    /** Tells ourselves that time has passed. The broker gives the record its time. */
    void tick(long nowMs) {
        String key = SeatEvents.CLOCK_KEY + context.taskId().partition();
        UUID id = new UUID(
                nowMs << 16 | 0x7000L, 0x8000_0000_0000_0000L | context.taskId().partition());
        forward(
                key.getBytes(StandardCharsets.UTF_8),
                event(id, SeatEvents.TIME_PASSED, nowMs, EMPTY),
                nowMs,
                CLOCK_SINK);
    }

    private void toShow(UUID showId, Event event, long nowMs) {
        forward(showId.toString().getBytes(StandardCharsets.UTF_8), event, nowMs, EVENTS_SINK);
    }

    private void toUser(String userId, Event event, long nowMs) {
        context.forward(new ChannelEvent(event, nowMs).to("user:" + userId), USER_SINK);
    }

    private void forward(byte[] key, Event event, long nowMs, String sink) {
        RecordHeaders headers = new RecordHeaders();
        event.headers().forEach(header -> headers.add(header.name(), header.value()));
        context.forward(new Record<>(key, event.data(), nowMs, headers), sink);
    }

    /**
     * An id that is the same in every attempt: a reservation passes through each state once, a command is refused once for
     * each content.
     */
    private static UUID variant(UUID id, long difference) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ difference & RANDOM_BITS);
    }

    private static Event event(UUID id, String type, long nowMs, byte[] data) {
        return new Event(id.toString(), type, SOURCE, Instant.ofEpochMilli(nowMs), null, data);
    }

    /**
     * What a task counts.
     *
     * @param accepted commands that were done
     * @param refused commands that were not
     * @param repeated commands that had been decided before
     * @param expired holds that ran out
     */
    private record SeatSensors(Sensor accepted, Sensor refused, Sensor repeated, Sensor expired) {
        static SeatSensors of(ProcessorContext<byte[], byte[]> context) {
            return new SeatSensors(
                    sensor(context, "accepted"),
                    sensor(context, "refused"),
                    sensor(context, "repeated"),
                    sensor(context, "expired"));
        }

        private static Sensor sensor(ProcessorContext<byte[], byte[]> context, String what) {
            String task = context.taskId().toString();
            return context.metrics().addRateTotalSensor("seats", task, what, Sensor.RecordingLevel.INFO);
        }
    }
}
