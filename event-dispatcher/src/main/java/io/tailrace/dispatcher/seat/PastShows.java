package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.Show;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Takes shows that began some time ago out of the book of one task, with all that belongs to them. So the store, and the time in which
 * it is read again after a crash, go with the shows to come and not with all there ever were. Belongs to one task.
 *
 * <p>It is done in two steps. When the last hold of a show must have ended, nobody can get or lose a seat of it any more: who has which
 * seat, and how many, is deleted. Its reservations stay, so that a command that comes again has its first answer. They go with the show
 * itself when it is forgotten.
 *
 * <p>A show is as good as forgotten at its time ({@link #isForgotten}), by the log's clock; its entries are deleted in turns
 * after that. So what a command is answered does not depend on how far the deletion has come. The first step changes no answer: from
 * its start on a show is refused before anybody looks at its seats.
 */
final class PastShows {
    /** After this time from its start a show has no hold that has not run out. */
    private static final long LONGEST_HOLD_MS = 1_000L * Show.HOLD_CAP_SECONDS;

    private static final byte[] PRESENT = {1};

    /** Under the start of a show of which only reservations are left. */
    private static final byte[] WITHOUT_SEATS = {2};

    private final KeyValueStore<Bytes, byte[]> store;
    private final long forgetAfterMs;

    /** Within the show that is being deleted; RocksDB walks over what was deleted until it is compacted. */
    private @Nullable Resume resume;

    /** No show that began before this has seats to delete: one that is noted later than that never sold any. */
    private Bytes seatsFrom = StoreKeys.startsFrom(0);

    /** The last entry of a show that was deleted. */
    private record Resume(UUID show, Bytes key) {}

    /**
     * What was deleted in one turn.
     *
     * @param entries how many entries
     * @param ended shows whose seats are gone, and whose reservations are left
     * @param forgotten shows of which nothing is left
     */
    record Deleted(int entries, int ended, int forgotten) {
        static final Deleted NOTHING = new Deleted(0, 0, 0);
    }

    /**
     * The past shows of a store.
     *
     * @param forgetAfterMs how long after its start a show is known
     */
    PastShows(KeyValueStore<Bytes, byte[]> store, long forgetAfterMs) {
        this.store = store;
        this.forgetAfterMs = forgetAfterMs;
    }

    /** Whether a show counts as unknown at {@code nowMs}. */
    boolean isForgotten(Show show, long nowMs) {
        return nowMs - show.startsAt().toEpochMilli() >= forgetAfterMs;
    }

    /** Notes when a show begins. */
    void note(Show show) {
        store.put(StoreKeys.start(show.startsAt().toEpochMilli(), show.id()), PRESENT);
    }

    /**
     * Notes when the shows begin that were put into the store before this was noted; once for each store. Nothing is written into a store
     * without shows: a changelog with records, but no committed offset of a record, looks like offsets that were lost.
     */
    void noteOlder() {
        byte @Nullable [] noted = store.get(StoreKeys.startsNoted());
        if (noted != null) {
            return;
        }
        List<Show> shows = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = store.range(StoreKeys.firstShow(), StoreKeys.afterShows())) {
            while (all.hasNext()) {
                shows.add(SeatBytes.show(all.next().value));
            }
        }
        if (shows.isEmpty()) {
            return;
        }
        shows.forEach(this::note);
        store.put(StoreKeys.startsNoted(), PRESENT);
    }

    /** Whether there is something to delete at {@code nowMs}. */
    boolean isDue(long nowMs) {
        return due(nowMs) != null || ended(nowMs) != null;
    }

    /**
     * Deletes entries of shows that are over or forgotten at {@code nowMs}. No hold of them may be left that has not ended.
     *
     * @param limit the most entries in one go
     */
    Deleted forget(long nowMs, int limit) {
        int deleted = 0;
        int forgotten = 0;
        for (Bytes start = due(nowMs); start != null && deleted < limit; start = due(nowMs)) {
            UUID show = StoreKeys.startingShow(start);
            deleted += delete(show, StoreKeys.kindsOf(show), limit - deleted);
            if (deleted < limit) {
                delete(StoreKeys.show(show));
                delete(start);
                deleted++;
                forgotten++;
            }
        }
        int ended = 0;
        Bytes start;
        for (start = ended(nowMs); start != null && deleted < limit; start = ended(nowMs)) {
            seatsFrom = start;
            UUID show = StoreKeys.startingShow(start);
            deleted += delete(show, StoreKeys.seatKindsOf(show), limit - deleted);
            if (deleted < limit) {
                store.put(start, WITHOUT_SEATS);
                deleted++;
                ended++;
            }
        }
        if (start == null && seatsFrom.compareTo(endedBefore(nowMs)) < 0) {
            seatsFrom = endedBefore(nowMs);
        }
        return new Deleted(deleted, ended, forgotten);
    }

    /** Deletes entries of these kinds, and returns how many; fewer than the limit if none is left. */
    private int delete(UUID show, List<Bytes> kinds, int limit) {
        List<Bytes> entries = entries(show, kinds, limit);
        entries.forEach(this::delete);
        resume = entries.size() < limit ? null : new Resume(show, entries.getLast());
        return entries.size();
    }

    /** The start of the first show that is over and still has its seats, or null. */
    private @Nullable Bytes ended(long nowMs) {
        Bytes end = endedBefore(nowMs);
        if (seatsFrom.compareTo(end) >= 0) {
            return null;
        }
        try (KeyValueIterator<Bytes, byte[]> starts = store.range(seatsFrom, end)) {
            while (starts.hasNext()) {
                KeyValue<Bytes, byte[]> start = starts.next();
                if (!Arrays.equals(start.value, WITHOUT_SEATS)) {
                    return start.key;
                }
            }
        }
        return null;
    }

    /** Where the starts end of those shows that are over at {@code nowMs}. */
    private static Bytes endedBefore(long nowMs) {
        return StoreKeys.startsFrom(Math.max(0, nowMs - LONGEST_HOLD_MS + 1));
    }

    private @Nullable Bytes due(long nowMs) {
        if (nowMs < forgetAfterMs) {
            return null;
        }
        try (KeyValueIterator<Bytes, byte[]> starts =
                store.range(StoreKeys.startsFrom(0), StoreKeys.startsFrom(nowMs - forgetAfterMs + 1))) {
            return starts.hasNext() ? starts.next().key : null;
        }
    }

    /** Keys of what belongs to a show, kind by kind, from where the last turn has ended. */
    private List<Bytes> entries(UUID show, List<Bytes> kinds, int limit) {
        List<Bytes> keys = new ArrayList<>();
        Bytes resumeAt = resume != null && resume.show().equals(show) ? resume.key() : null;
        for (Bytes first : kinds) {
            Bytes end = Bytes.increment(first);
            Bytes from = resumeAt != null && resumeAt.compareTo(first) > 0 ? resumeAt : first;
            if (from.compareTo(end) >= 0) {
                continue;
            }
            try (KeyValueIterator<Bytes, byte[]> entries = store.range(from, end)) {
                while (entries.hasNext() && keys.size() < limit) {
                    Bytes key = entries.next().key;
                    if (StoreKeys.belongsTo(key, first)) {
                        keys.add(key);
                    }
                }
            }
        }
        return keys;
    }

    /** Streams' stores delete by null, but are not annotated so. */
    @SuppressWarnings("NullAway")
    private void delete(Bytes key) {
        store.put(key, null);
    }
}
