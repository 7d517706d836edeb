package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.Show;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Takes shows that began some time ago out of the book of one task, with all that belongs to them: seats, reservations, what
 * people have. So the store, and the time in which it is read again after a crash, go with the shows to come and not with
 * all there ever were. Belongs to one task.
 *
 * <p>A show is as good as forgotten at its time ({@link #isForgotten}), by the log's clock; its entries are deleted in turns
 * after that. So what a command is answered does not depend on how far the deletion has come.
 */
final class PastShows {
    private static final byte[] PRESENT = {1};

    private final KeyValueStore<Bytes, byte[]> store;
    private final long forgetAfterMs;

    /** Within the show that is being deleted; RocksDB walks over what was deleted until it is compacted. */
    private @Nullable Resume resume;

    /** The last entry of a show that was deleted. */
    private record Resume(UUID show, Bytes key) {}

    /**
     * What was deleted in one turn.
     *
     * @param entries how many entries
     * @param shows how many shows of which nothing is left
     */
    record Deleted(int entries, int shows) {
        static final Deleted NOTHING = new Deleted(0, 0);
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
        return due(nowMs) != null;
    }

    /**
     * Deletes entries of shows that are forgotten at {@code nowMs}. No hold of them may be left that has not ended.
     *
     * @param limit the most entries in one go
     */
    Deleted forget(long nowMs, int limit) {
        int deleted = 0;
        int shows = 0;
        for (Bytes start = due(nowMs); start != null && deleted < limit; start = due(nowMs)) {
            UUID show = StoreKeys.startingShow(start);
            List<Bytes> entries = entries(show, limit - deleted);
            entries.forEach(this::delete);
            deleted += entries.size();
            if (deleted < limit) {
                delete(StoreKeys.show(show));
                delete(start);
                deleted++;
                shows++;
                resume = null;
            } else {
                resume = new Resume(show, entries.getLast());
            }
        }
        return new Deleted(deleted, shows);
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
    private List<Bytes> entries(UUID show, int limit) {
        List<Bytes> keys = new ArrayList<>();
        Bytes resumeAt = resume != null && resume.show().equals(show) ? resume.key() : null;
        for (Bytes first : StoreKeys.kindsOf(show)) {
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
