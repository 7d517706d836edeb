package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Show;
import io.tailrace.dispatcher.poison.Fact;
import io.tailrace.dispatcher.poison.FactReader;
import io.tailrace.dispatcher.poison.Poison;
import io.tailrace.dispatcher.poison.Unsound;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What a record of {@code tailrace.seat-commands} says. */
sealed interface SeatFact extends Fact {
    /** Somebody wants something. */
    record Commanded(SeatCommand command) implements SeatFact {
        /** The answer has the command's id. */
        @Override
        public String derivedId() {
            return command.commandId().toString();
        }
    }

    /** It is later now. */
    record TimePassed() implements SeatFact {
        @Override
        public @Nullable String derivedId() {
            return null;
        }
    }

    /** Reads a record. */
    static SeatFact read(FactReader reader, ConsumerRecord<byte[], byte[]> record) throws Unsound {
        Event event = reader.event(record);
        return switch (event.type()) {
            case SeatEvents.HOLD_REQUESTED -> commanded(reader, record, hold(event));
            case SeatEvents.CONFIRM_REQUESTED -> {
                SeatEvents.StepRequested step = step(event);
                yield commanded(
                        reader,
                        record,
                        new SeatCommand.Confirm(step.commandId(), step.showId(), step.userId(), step.reservationId()));
            }
            case SeatEvents.RELEASE_REQUESTED -> {
                SeatEvents.StepRequested step = step(event);
                yield commanded(
                        reader,
                        record,
                        new SeatCommand.Release(step.commandId(), step.showId(), step.userId(), step.reservationId()));
            }
            case SeatEvents.TIME_PASSED -> new TimePassed();
            default ->
                throw FactReader.unknownType(
                        event,
                        String.join(
                                " or ",
                                SeatEvents.HOLD_REQUESTED,
                                SeatEvents.CONFIRM_REQUESTED,
                                SeatEvents.RELEASE_REQUESTED));
        };
    }

    private static SeatFact commanded(FactReader reader, ConsumerRecord<byte[], byte[]> record, SeatCommand command)
            throws Unsound {
        String show = command.showId().toString();
        reader.place(record, show, show);
        return new Commanded(command);
    }

    private static SeatCommand hold(Event event) throws Unsound {
        SeatEvents.HoldRequested hold = FactReader.payload(event, SeatEvents.HoldRequested.class);
        List<String> names = FactReader.present(hold.seats(), "seats");
        List<SeatId> seats = new ArrayList<>(Math.min(names.size(), Show.USER_CAP));
        for (@Nullable String name : names) {
            seats.add(SeatId.parse(FactReader.present(name, "seats[" + seats.size() + "]"))
                    .orElseThrow(() -> new Unsound(
                            Poison.Kind.VALUE, "the field seats has \"" + name + "\", expected SECTION-ROW-NUMBER")));
        }
        return new SeatCommand.Hold(
                FactReader.present(hold.commandId(), "command_id"),
                FactReader.present(hold.showId(), "show_id"),
                FactReader.present(hold.userId(), "user_id"),
                seats,
                hold.holdSeconds());
    }

    private static SeatEvents.StepRequested step(Event event) throws Unsound {
        SeatEvents.StepRequested step = FactReader.payload(event, SeatEvents.StepRequested.class);
        FactReader.require(step.commandId(), "command_id");
        FactReader.require(step.showId(), "show_id");
        FactReader.require(step.userId(), "user_id");
        FactReader.require(step.reservationId(), "reservation_id");
        return step;
    }
}
