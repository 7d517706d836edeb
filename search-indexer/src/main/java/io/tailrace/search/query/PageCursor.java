package io.tailrace.search.query;

import io.tailrace.contracts.identity.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Where a page ends, as an opaque text: a version, what was asked, the values by which the last hit was sorted, the
 * snapshot of the index, and four bytes by which a damaged one is noticed. Pure.
 *
 * @param question {@link #fingerprint} of what was asked; a cursor goes on with that and nothing else
 * @param sort the values of the last hit: {@link Double} or {@link Long}
 * @param snapshot Elasticsearch's name for the snapshot
 */
record PageCursor(long question, List<Number> sort, String snapshot) {
    private static final byte VERSION = 1;
    private static final byte DOUBLE = 'd';
    private static final byte LONG = 'l';
    private static final int MAX_TEXT = 4096;
    private static final int MAX_SORT = 4;
    private static final int SMALLEST = 1 + Long.BYTES + 1 + Integer.BYTES;

    PageCursor {
        sort = List.copyOf(sort);
    }

    /** A number for what was asked: eight bytes of its SHA-256. */
    static long fingerprint(String question) {
        return ByteBuffer.wrap(Sha256.of(question)).getLong();
    }

    /** The text. */
    String text() {
        byte[] name = snapshot.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(SMALLEST + sort.size() * (1 + Long.BYTES) + name.length)
                .put(VERSION)
                .putLong(question)
                .put((byte) sort.size());
        for (Number value : sort) {
            if (value instanceof Double d) {
                out.put(DOUBLE).putDouble(d);
            } else {
                out.put(LONG).putLong(value.longValue());
            }
        }
        out.put(name);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(out.putInt(checksum(out)).array());
    }

    /** Reads a text, which may be anything that a client sent. */
    static Optional<PageCursor> parse(String text) {
        if (text.length() > MAX_TEXT) {
            return Optional.empty();
        }
        ByteBuffer in;
        try {
            in = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (in.limit() < SMALLEST || in.get(0) != VERSION) {
            return Optional.empty();
        }
        ByteBuffer checked = in.duplicate().position(in.limit() - Integer.BYTES);
        if (checksum(checked) != checked.getInt()) {
            return Optional.empty();
        }
        return read(in.position(1).limit(in.limit() - Integer.BYTES));
    }

    private static Optional<PageCursor> read(ByteBuffer in) {
        long question = in.getLong();
        int count = in.get();
        if (count < 1 || count > MAX_SORT || in.remaining() < count * (1 + Long.BYTES)) {
            return Optional.empty();
        }
        List<Number> sort = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // No conditional expression: it would make a double of both.
            if (in.get() == DOUBLE) {
                sort.add(in.getDouble());
            } else {
                sort.add(in.getLong());
            }
        }
        byte[] name = new byte[in.remaining()];
        in.get(name);
        return Optional.of(new PageCursor(question, sort, new String(name, StandardCharsets.UTF_8)));
    }

    /** Of everything before the position. */
    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, bytes.position());
        return (int) crc.getValue();
    }
}
