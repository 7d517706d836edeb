package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.CommandFingerprint;
import io.tailrace.contracts.seat.Reservation;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatDecision;
import io.tailrace.contracts.seat.SeatDecision.Reason;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.seat.SeatEvents.ReservationChanged;
import io.tailrace.contracts.seat.SeatEvents.SeatsChanged;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** Writes what was decided: to the events of the show, to its public channel and to its people's. One task's. */
final class SeatOutput {
    private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);

    /** The bits of an id that may be changed without its ceasing to be a UUIDv7. */
    private static final long RANDOM_BITS = 0x0fff_ffff_ffff_ffffL;

    private final ProcessorContext<byte[], byte[]> context;
    private final SeatRecords records;
    private final SeatSensors sensors;

    SeatOutput(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        this.records = new SeatRecords(context);
        this.sensors = SeatSensors.of(context);
    }

    /** Tells the answer to a command. A repeated one is told again, for a caller that waits for it. */
    void decided(SeatCommand command, SeatDecision decision, boolean repeated, long nowMs) {
        UUID id = command.commandId();
        boolean refused = false;
        if (decision instanceof SeatDecision.Refused(UUID _, Reason reason, var _)) {
            refused = true;
            if (reason == Reason.KEY_REUSED || reason == Reason.UNKNOWN_SHOW) {
                // The decision that is kept has the plain id; readers that drop repeats by id must drop neither.
                id = variant(id, CommandFingerprint.of(command));
            }
        }
        byte[] json = Json.write(DecisionMade.of(command, decision, repeated));
        records.begin(id, nowMs);
        records.toShow(command.showId(), SeatEvents.DECISION_MADE, json);
        if (refused && !repeated) {
            records.toUser(command.userId(), SeatEvents.RESERVATION_REFUSED, json);
        }
        (repeated ? sensors.repeated() : refused ? sensors.refused() : sensors.accepted()).record();
    }

    /** Tells a reservation's new state to those who look at the show and to its holder. */
    void changed(Reservation reservation, long nowMs) {
        ReservationChanged change = ReservationChanged.of(reservation);
        byte[] json = Json.write(change);
        records.begin(variant(reservation.id(), reservation.state().ordinal()), nowMs);
        if (reservation.state() == Reservation.State.EXPIRED) {
            records.toShow(reservation.showId(), SeatEvents.RESERVATION_EXPIRED, json);
            sensors.expired().record();
        }
        byte[] seats = Json.write(new SeatsChanged(change.seats()));
        records.toShowChannel(reservation.showId(), SeatEvents.seatType(reservation.state()), seats);
        records.toUser(reservation.userId(), SeatEvents.reservationType(reservation.state()), json);
    }

    /** Tells ourselves that time has passed. The broker gives the record its time. */
    void tick(long nowMs) {
        int partition = context.taskId().partition();
        records.begin(new UUID(nowMs << 16 | 0x7000L, 0x8000_0000_0000_0000L | partition), nowMs);
        records.toOurselves(partition, SeatEvents.TIME_PASSED, EMPTY);
    }

    /**
     * An id that is the same in every attempt: a reservation passes through each state once, a command is refused once for
     * each content.
     */
    private static UUID variant(UUID id, long difference) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ difference & RANDOM_BITS);
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
