package io.tailrace.ingest.testing;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.seat.SeatEvents.HoldRequested;
import io.tailrace.contracts.seat.SeatEvents.ReservationChanged;
import io.tailrace.contracts.seat.Show;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What {@code projections} writes to PostgreSQL about shows and seats, written by the test when the test wants it. */
public final class SeatProjections {
    private interface Row {
        void write(Event event) throws IOException;
    }

    private SeatProjections() {}

    /** Copies the shows of the log as of now, and says so. */
    public static void copyShows() throws IOException {
        copy("shows", Topics.SHOWS, event -> {
            Show show = Json.read(event.data(), Show.class);
            TestPostgres.shared()
                    .update(
                            "insert into shows values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                            show.id(),
                            show.organizerId(),
                            show.name(),
                            at(show.startsAt()),
                            new String(Json.write(show.sections()), StandardCharsets.UTF_8),
                            show.holdSeconds(),
                            show.maxHoldSeconds(),
                            show.maxSeatsPerUser());
        });
    }

    /** Copies what was asked for and what was decided as of now, and says so. */
    public static void copySeats() throws IOException {
        copy("hold_requests", Topics.SEAT_COMMANDS, event -> {
            if (event.type().equals(SeatEvents.HOLD_REQUESTED)) {
                HoldRequested hold = Json.read(event.data(), HoldRequested.class);
                TestPostgres.shared()
                        .update(
                                "insert into hold_requests values (?, ?, ?, string_to_array(?, ','), now())"
                                        + " on conflict do nothing",
                                hold.commandId(),
                                hold.showId(),
                                hold.userId(),
                                String.join(",", hold.seats()));
            }
        });
        copy("reservations", Topics.SEAT_EVENTS, event -> {
            if (event.type().equals(SeatEvents.RESERVATION_EXPIRED)) {
                put(Json.read(event.data(), ReservationChanged.class));
                return;
            }
            DecisionMade decision = Json.read(event.data(), DecisionMade.class);
            ReservationChanged reservation = decision.reservation();
            if (reservation != null && !decision.repeated()) {
                put(reservation);
            } else if (reservation == null && "not_free".equals(decision.reason())) {
                TestPostgres.shared()
                        .update(
                                "insert into reservations values (?, ?, ?, 'refused', ?, string_to_array(?, ','), null)"
                                        + " on conflict do nothing",
                                decision.commandId(),
                                decision.showId(),
                                decision.userId(),
                                "not_free",
                                String.join(",", decision.seats()));
            }
        });
    }

    /** The id of the one hold of a show that was refused. */
    public static String refusedHold(UUID show) {
        List<String> ids = TestPostgres.shared()
                .column("select id::text from reservations where show_id = ? and state = 'refused'", show);
        if (ids.size() != 1) {
            throw new IllegalStateException(ids.toString());
        }
        return ids.getFirst();
    }

    private static void put(ReservationChanged reservation) {
        TestPostgres.shared()
                .update(
                        "insert into reservations values (?, ?, ?, ?, null, string_to_array(?, ','), ?)"
                                + " on conflict (id) do update set state = excluded.state",
                        reservation.id(),
                        reservation.showId(),
                        reservation.userId(),
                        reservation.state(),
                        String.join(",", reservation.seats()),
                        at(reservation.expiresAt()));
    }

    private static void copy(String projection, String topic, Row row) throws IOException {
        Map<Integer, Long> next = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : TestBroker.shared().records(topic)) {
            if (EventRecords.read(record) instanceof EventReading.Readable(Event event)) {
                row.write(event);
            }
            next.put(record.partition(), record.offset() + 1);
        }
        next.forEach((partition, offset) -> Projections.moveTo(projection, topic, partition, offset));
    }

    private static OffsetDateTime at(Instant time) {
        return OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
    }
}
