package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.SeatId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;

/** The keys of the store: one letter for the kind, then what orders it, then what it is. Stateless. */
final class StoreKeys {
    private static final byte CLOCK = 'c';
    private static final byte SHOW = 's';
    private static final byte OCCUPANT = 'o';
    private static final byte BOOKING = 'r';
    private static final byte HOLDINGS = 'h';
    private static final byte ANSWER = 'd';
    private static final byte EXPIRY = 'x';
    private static final byte START = 'b';
    private static final byte STARTS_NOTED = 'n';
    private static final int UUID_BYTES = 16;

    private StoreKeys() {}

    static Bytes clock() {
        return Bytes.wrap(new byte[] {CLOCK});
    }

    static Bytes show(UUID showId) {
        return Bytes.wrap(start(SHOW, showId, 0).array());
    }

    /** Not after the first show. */
    static Bytes firstShow() {
        return Bytes.wrap(new byte[] {SHOW});
    }

    /** After the last show. */
    static Bytes afterShows() {
        return Bytes.wrap(new byte[] {SHOW + 1});
    }

    /** Ordered by time, so that the show that began first is found first. */
    static Bytes start(long atMs, UUID showId) {
        ByteBuffer key = ByteBuffer.allocate(1 + Long.BYTES + UUID_BYTES);
        return Bytes.wrap(put(key.put(START).putLong(atMs), showId).array());
    }

    /** Where the starts at {@code atMs} begin, and those before it end. */
    static Bytes startsFrom(long atMs) {
        return Bytes.wrap(
                ByteBuffer.allocate(1 + Long.BYTES).put(START).putLong(atMs).array());
    }

    /** The show of a key of {@link #start}. */
    static UUID startingShow(Bytes key) {
        return uuid(key, 1 + Long.BYTES);
    }

    /** Under it: that all shows have a {@link #start}. */
    static Bytes startsNoted() {
        return Bytes.wrap(new byte[] {STARTS_NOTED});
    }

    /** What the keys of all that belongs to a show begin with, kind by kind, in the order of the store. */
    static List<Bytes> kindsOf(UUID showId) {
        return kinds(showId, HOLDINGS, OCCUPANT, BOOKING);
    }

    /** The same without reservations: who has which seat, and how many. */
    static List<Bytes> seatKindsOf(UUID showId) {
        return kinds(showId, HOLDINGS, OCCUPANT);
    }

    private static List<Bytes> kinds(UUID showId, Byte... kinds) {
        return Stream.of(kinds)
                .map(kind -> Bytes.wrap(start(kind, showId, 0).array()))
                .toList();
    }

    /** Whether a key begins so, and goes on. */
    static boolean belongsTo(Bytes key, Bytes first) {
        byte[] bytes = key.get();
        int length = first.get().length;
        return bytes.length > length && Arrays.equals(bytes, 0, length, first.get(), 0, length);
    }

    static Bytes occupant(UUID showId, SeatId seat) {
        byte[] section = seat.section().getBytes(StandardCharsets.ISO_8859_1);
        return Bytes.wrap(start(OCCUPANT, showId, section.length + 2 * Short.BYTES)
                .put(section)
                .putShort((short) seat.row())
                .putShort((short) seat.number())
                .array());
    }

    static Bytes booking(UUID showId, UUID id) {
        return Bytes.wrap(put(start(BOOKING, showId, UUID_BYTES), id).array());
    }

    static Bytes holdings(UUID showId, String userId) {
        byte[] name = userId.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(start(HOLDINGS, showId, name.length).put(name).array());
    }

    /** Ordered by generation, so that those that are forgotten together lie together. */
    static Bytes answer(int generation, UUID showId, UUID commandId) {
        ByteBuffer key = ByteBuffer.allocate(1 + Integer.BYTES + 2 * UUID_BYTES);
        key.put(ANSWER).putInt(generation);
        return Bytes.wrap(put(put(key, showId), commandId).array());
    }

    /** Where the answers of a generation begin. */
    static Bytes answersFrom(int generation) {
        return Bytes.wrap(ByteBuffer.allocate(1 + Integer.BYTES)
                .put(ANSWER)
                .putInt(generation)
                .array());
    }

    /** Ordered by time over all shows, so that what runs out next is found first. */
    static Bytes expiry(long atMs, UUID showId, UUID reservationId) {
        ByteBuffer key = ByteBuffer.allocate(1 + Long.BYTES + 2 * UUID_BYTES);
        key.put(EXPIRY).putLong(atMs);
        return Bytes.wrap(put(put(key, showId), reservationId).array());
    }

    /** Where the expiries at {@code atMs} begin, and those before it end. */
    static Bytes expiriesFrom(long atMs) {
        return Bytes.wrap(
                ByteBuffer.allocate(1 + Long.BYTES).put(EXPIRY).putLong(atMs).array());
    }

    /** The show of a key of {@link #expiry}. */
    static UUID expiringShow(Bytes key) {
        return uuid(key, 1 + Long.BYTES);
    }

    /** The reservation of a key of {@link #expiry}. */
    static UUID expiringReservation(Bytes key) {
        return uuid(key, 1 + Long.BYTES + UUID_BYTES);
    }

    private static ByteBuffer start(byte kind, UUID showId, int more) {
        return put(ByteBuffer.allocate(1 + UUID_BYTES + more).put(kind), showId);
    }

    private static ByteBuffer put(ByteBuffer key, UUID id) {
        return key.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static UUID uuid(Bytes key, int at) {
        ByteBuffer bytes = ByteBuffer.wrap(key.get());
        return new UUID(bytes.getLong(at), bytes.getLong(at + Long.BYTES));
    }
}
