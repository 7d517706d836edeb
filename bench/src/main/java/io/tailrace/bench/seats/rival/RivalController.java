package io.tailrace.bench.seats.rival;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The same requests and answers as Tailrace's, as far as the rush needs them. */
@Controller("/{arm}")
@ExecuteOn(TaskExecutors.BLOCKING)
final class RivalController {
    private final SeatTables tables;
    private final RowLocks rowLocks;
    private final RedisLocks redisLocks;
    private final Subjects subjects;

    RivalController(SeatTables tables, RowLocks rowLocks, RedisLocks redisLocks, Subjects subjects) {
        this.tables = tables;
        this.rowLocks = rowLocks;
        this.redisLocks = redisLocks;
        this.subjects = subjects;
    }

    /** A section to offer. */
    @Introspected
    record Section(String name, int rows, int seatsPerRow, int price) {}

    /** A show to offer. */
    @Introspected
    record NewShow(String name, String startsAt, List<Section> sections, int maxSeatsPerUser) {}

    /** Seats to hold. */
    @Introspected
    record NewHold(List<String> seats, int holdSeconds) {}

    /** A reservation. */
    @Introspected
    record View(UUID id, UUID showId, String state, List<String> seats, Instant expiresAt) {}

    @Post("/shows")
    HttpResponse<?> show(@PathVariable String arm, @Body NewShow show) throws SQLException {
        UUID id = UUID.randomUUID();
        List<String> seats = new ArrayList<>();
        for (Section section : show.sections()) {
            for (int row = 1; row <= section.rows(); row++) {
                for (int seat = 1; seat <= section.seatsPerRow(); seat++) {
                    seats.add(section.name() + "-" + row + "-" + seat);
                }
            }
        }
        tables.create(id, seats);
        return HttpResponse.created(Map.of("id", id.toString()));
    }

    @Post("/shows/{id}/reservations")
    HttpResponse<?> hold(
            @PathVariable String arm,
            @PathVariable UUID id,
            @Header("Idempotency-Key") String key,
            @Header String authorization,
            @Body NewHold body)
            throws SQLException {
        String user = subjects.of(authorization);
        Holding holding = new Holding(
                UUID.nameUUIDFromBytes((user + "/" + id + "/" + key).getBytes(StandardCharsets.UTF_8)),
                id,
                user,
                body.seats(),
                body.holdSeconds());
        SeatStore store = arm.equals("redis") ? redisLocks : rowLocks;
        if (!store.hold(holding)) {
            return HttpResponse.status(io.micronaut.http.HttpStatus.CONFLICT).body(Map.of("seats", body.seats()));
        }
        Instant expiresAt = Instant.now().plusSeconds(body.holdSeconds());
        return HttpResponse.created(new View(holding.id(), id, "held", body.seats(), expiresAt));
    }

    @Post("/reservations/{id}/confirm")
    HttpResponse<?> confirm(@PathVariable String arm, @PathVariable UUID id, @Header String authorization)
            throws SQLException {
        return step(id, authorization, true);
    }

    @Delete("/reservations/{id}")
    HttpResponse<?> release(@PathVariable String arm, @PathVariable UUID id, @Header String authorization)
            throws SQLException {
        return step(id, authorization, false);
    }

    private HttpResponse<?> step(UUID id, String authorization, boolean confirm) throws SQLException {
        return tables.step(id, subjects.of(authorization), confirm)
                ? HttpResponse.ok(Map.of("id", id.toString(), "state", confirm ? "confirmed" : "released"))
                : HttpResponse.status(io.micronaut.http.HttpStatus.CONFLICT).body(Map.of("id", id.toString()));
    }
}
