package io.tailrace.ingest.seat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tailrace.contracts.channel.KeyPartition;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Which reservations there are, and of which show. Somebody else's is answered like one that is not there. Thread-safe;
 * blocks when it must ask PostgreSQL.
 */
@Singleton
class Reservations {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final ReservationRows rows;
    private final Database database;
    private final ProjectionWait projection;
    private final Cache<UUID, Place> known;

    /** Where a reservation belongs, which never changes. */
    private record Place(UUID showId, String userId) {}

    /**
     * A reservation as it was read.
     *
     * @param fresh whether it is as the log had it when it was asked for
     */
    record Found(ReservationRow row, boolean fresh) {}

    Reservations(ReservationRows rows, Database database, ProjectionWait projection, SeatSettings settings) {
        this.rows = rows;
        this.database = database;
        this.projection = projection;
        this.known = Caffeine.newBuilder()
                .maximumSize(settings.knownReservations())
                // On the caller's thread: it is little, and a pool of threads for it would be more.
                .executor(Runnable::run)
                .build();
    }

    /** Remembers where a reservation belongs. */
    void remember(UUID id, UUID showId, String userId) {
        known.put(id, new Place(showId, userId));
    }

    /**
     * The show of a reservation.
     *
     * @throws ProblemException 404 if there is no such reservation of this person, 503 if that could not be found out
     */
    UUID show(UUID id, String userId) {
        Place place = known.getIfPresent(id);
        if (place == null) {
            ReservationRow row = find(id).or(() -> findAfterAll(id)).orElseThrow(() -> missing(id));
            place = new Place(row.showId(), row.userId());
            remember(id, row.showId(), row.userId());
        }
        if (!place.userId().equals(userId)) {
            throw missing(id);
        }
        return place.showId();
    }

    /**
     * A reservation as the log had it at the time of the call, if the projection gets there in time.
     *
     * @throws ProblemException 404 if there is no such reservation of this person, 503 if that could not be found out
     */
    Found get(UUID id, String userId) {
        Optional<ReservationRow> found = find(id);
        boolean fresh = found.map(ReservationRow::isFinal).orElse(false);
        if (!fresh) {
            Place place = known.getIfPresent(id);
            UUID showId = found.map(ReservationRow::showId).orElse(place == null ? null : place.showId());
            if (showId != null) {
                fresh = projection.catchUp("reservations", Topics.SEAT_EVENTS, partition(showId))
                        && (found.isPresent()
                                || projection.catchUp("hold_requests", Topics.SEAT_COMMANDS, partition(showId)));
                found = find(id);
                if (found.isEmpty() && !fresh) {
                    throw lagging();
                }
            } else {
                found = findAfterAll(id);
                fresh = true;
            }
        }
        ReservationRow row = found.orElseThrow(() -> missing(id));
        if (!row.userId().equals(userId)) {
            throw missing(id);
        }
        return new Found(row, fresh);
    }

    /** Nobody knows the show of such an id, so all partitions must have been read before it can be said not to be there. */
    private Optional<ReservationRow> findAfterAll(UUID id) {
        boolean caughtUp = projection.catchUpAll("hold_requests", Topics.SEAT_COMMANDS, Topics.FACT_PARTITIONS)
                && projection.catchUpAll("reservations", Topics.SEAT_EVENTS, Topics.FACT_PARTITIONS);
        Optional<ReservationRow> found = find(id);
        if (found.isEmpty() && !caughtUp) {
            throw lagging();
        }
        return found;
    }

    private Optional<ReservationRow> find(UUID id) {
        return database.call(() -> rows.find(id));
    }

    private static int partition(UUID showId) {
        return KeyPartition.of(showId.toString().getBytes(StandardCharsets.UTF_8), Topics.FACT_PARTITIONS);
    }

    private static ProblemException missing(UUID id) {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no reservation of yours with the id " + id);
    }

    private static ProblemException lagging() {
        return ProblemException.unavailable("The copy of the reservations lags behind the log", RETRY_AFTER, null);
    }
}
