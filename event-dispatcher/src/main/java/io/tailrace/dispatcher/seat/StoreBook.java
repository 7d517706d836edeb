package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.Reservation;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Show;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The book in a Kafka Streams store: each entry is a record of its own, so that a command reads and writes a handful of
 * small ones, whatever the size of its show. Belongs to one task.
 *
 * <p>RocksDB walks over what was deleted until a compaction takes it away. What runs out is deleted in the order in which
 * it is searched, so every search begins where the last one ended and not at the first expiry ever.
 */
final class StoreBook implements SeatBook {
    private static final int SHOWS_IN_MEMORY = 256;
    private static final byte[] PRESENT = {1};

    private final KeyValueStore<Bytes, byte[]> store;
    private final long retentionMs;
    private final PastShows past;
    private final Map<UUID, Show> recentShows = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Show> eldest) {
            return size() > SHOWS_IN_MEMORY;
        }
    };

    /** There is no expiry before this time. */
    private long expiriesFromMs;

    /** There is no answer before this key. */
    private Bytes answersFrom = StoreKeys.answersFrom(0);

    /** There is no answer of a generation before this one. */
    private int answersFromGeneration;

    /**
     * A book.
     *
     * @param retentionMs how long an answer is kept at least; at most it is twice as long
     * @param forgetAfterMs how long after its start a show is known
     */
    StoreBook(KeyValueStore<Bytes, byte[]> store, long retentionMs, long forgetAfterMs) {
        this.store = store;
        this.retentionMs = retentionMs;
        this.past = new PastShows(store, forgetAfterMs);
    }

    @Override
    public @Nullable Show show(UUID showId) {
        Show recent = recentShows.get(showId);
        if (recent != null) {
            return recent;
        }
        byte @Nullable [] bytes = store.get(StoreKeys.show(showId));
        if (bytes == null) {
            return null;
        }
        Show show = SeatBytes.show(bytes);
        recentShows.put(showId, show);
        return show;
    }

    @Override
    public @Nullable UUID occupant(UUID showId, SeatId seat) {
        byte @Nullable [] bytes = store.get(StoreKeys.occupant(showId, seat));
        return bytes == null ? null : SeatBytes.uuid(bytes);
    }

    @Override
    public @Nullable Booking booking(UUID showId, UUID reservationId) {
        byte @Nullable [] bytes = store.get(StoreKeys.booking(showId, reservationId));
        return bytes == null ? null : SeatBytes.booking(bytes, showId, reservationId);
    }

    @Override
    public Holdings holdings(UUID showId, String userId) {
        byte @Nullable [] bytes = store.get(StoreKeys.holdings(showId, userId));
        return bytes == null ? Holdings.NONE : SeatBytes.holdings(bytes);
    }

    @Override
    public @Nullable PastDecision answer(UUID showId, UUID commandId, long nowMs) {
        int generation = generation(nowMs);
        byte @Nullable [] bytes = store.get(StoreKeys.answer(generation, showId, commandId));
        if (bytes == null) {
            bytes = store.get(StoreKeys.answer(generation - 1, showId, commandId));
        }
        return bytes == null
                ? null
                : SeatBytes.answer(bytes, commandId, id -> stored(showId, id).reservation());
    }

    @Override
    public List<Booking> expired(long nowMs, int limit) {
        if (nowMs < expiriesFromMs) {
            return List.of();
        }
        List<Booking> expired = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> due =
                store.range(StoreKeys.expiriesFrom(expiriesFromMs), StoreKeys.expiriesFrom(nowMs + 1))) {
            while (due.hasNext() && expired.size() < limit) {
                Bytes key = due.next().key;
                expired.add(stored(StoreKeys.expiringShow(key), StoreKeys.expiringReservation(key)));
            }
        }
        expiriesFromMs = expired.isEmpty()
                ? nowMs + 1
                : expired.getFirst().reservation().expiresAt().toEpochMilli();
        return expired;
    }

    @Override
    public boolean isForgotten(Show show, long nowMs) {
        return past.isForgotten(show, nowMs);
    }

    /** The shows that began some time ago. */
    PastShows past() {
        return past;
    }

    /** Whether a hold has run out at {@code nowMs}. */
    boolean hasExpired(long nowMs) {
        return !expired(nowMs, 1).isEmpty();
    }

    @Override
    public void putShow(Show show) {
        store.put(StoreKeys.show(show.id()), SeatBytes.show(show));
        past.note(show);
        recentShows.put(show.id(), show);
    }

    @Override
    public void putOccupant(UUID showId, SeatId seat, @Nullable UUID reservationId) {
        put(StoreKeys.occupant(showId, seat), reservationId == null ? null : SeatBytes.uuid(reservationId));
    }

    @Override
    public void putBooking(Booking booking) {
        Reservation reservation = booking.reservation();
        long expiresMs = reservation.expiresAt().toEpochMilli();
        store.put(StoreKeys.booking(reservation.showId(), reservation.id()), SeatBytes.booking(booking));
        Bytes expiry = StoreKeys.expiry(expiresMs, reservation.showId(), reservation.id());
        if (reservation.state() == Reservation.State.HELD) {
            store.put(expiry, PRESENT);
            expiriesFromMs = Math.min(expiriesFromMs, expiresMs);
        } else {
            put(expiry, null);
        }
    }

    @Override
    public void putHoldings(UUID showId, String userId, Holdings holdings) {
        put(
                StoreKeys.holdings(showId, userId),
                holdings.reservations().isEmpty() ? null : SeatBytes.holdings(holdings));
    }

    @Override
    public void putAnswer(UUID showId, PastDecision answer, long decidedAtMs) {
        store.put(
                StoreKeys.answer(
                        generation(decidedAtMs), showId, answer.decision().commandId()),
                SeatBytes.answer(answer));
    }

    /** The task's time as it was kept last; 0 at first. */
    long clockMs() {
        byte @Nullable [] bytes = store.get(StoreKeys.clock());
        return bytes == null ? 0 : SeatBytes.number(bytes);
    }

    /** Keeps the task's time. */
    void putClock(long nowMs) {
        store.put(StoreKeys.clock(), SeatBytes.number(nowMs));
    }

    /**
     * Forgets answers that nobody will ask for again at {@code nowMs}, at most {@code limit} of them.
     *
     * @return how many
     */
    int forgetAnswers(long nowMs, int limit) {
        int kept = generation(nowMs) - 1;
        if (kept <= answersFromGeneration) {
            return 0;
        }
        List<Bytes> old = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> answers = store.range(answersFrom, StoreKeys.answersFrom(kept))) {
            while (answers.hasNext() && old.size() < limit) {
                old.add(answers.next().key);
            }
        }
        for (Bytes key : old) {
            put(key, null);
        }
        if (old.size() < limit) {
            answersFrom = StoreKeys.answersFrom(kept);
            answersFromGeneration = kept;
        } else {
            answersFrom = old.getLast();
        }
        return old.size();
    }

    private int generation(long nowMs) {
        return Math.toIntExact(nowMs / retentionMs) + 1;
    }

    private Booking stored(UUID showId, UUID reservationId) {
        return Objects.requireNonNull(booking(showId, reservationId), "a reservation is missing that the store names");
    }

    /** Streams' stores delete by null, but are not annotated so. */
    @SuppressWarnings("NullAway")
    private void put(Bytes key, byte @Nullable [] value) {
        store.put(key, value);
    }
}
