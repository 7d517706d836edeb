package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.Show;
import io.tailrace.dispatcher.poison.Fact;
import io.tailrace.dispatcher.poison.FactReader;
import io.tailrace.dispatcher.poison.Unsound;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a record of {@code tailrace.shows} says: there is a show.
 *
 * @param show the show
 */
record ShowFact(Show show) implements Fact {
    /** Reads a record. */
    static ShowFact read(FactReader reader, ConsumerRecord<byte[], byte[]> record) throws Unsound {
        Event event = reader.event(record);
        if (!event.type().equals(SeatEvents.SHOW_CREATED)) {
            throw FactReader.unknownType(event, SeatEvents.SHOW_CREATED);
        }
        Show show = FactReader.payload(event, Show.class);
        String id = FactReader.present(show.id(), "id").toString();
        reader.place(record, id, id);
        FactReader.require(show.organizerId(), "organizer_id");
        FactReader.require(show.name(), "name");
        FactReader.require(show.startsAt(), "starts_at");
        return new ShowFact(show);
    }

    /** Nothing is derived from a show. */
    @Override
    public @Nullable String derivedId() {
        return null;
    }
}
