package io.tailrace.ingest.feed;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Where a page of a newsfeed ends, as an opaque text: a version, the id of the last post on it, and two bytes by which a
 * damaged one is noticed. Canonical: one position has one text. Pure.
 *
 * @param post the last post that was shown
 */
record FeedCursor(UUID post) {
    private static final byte VERSION = 1;
    private static final int BYTES = 19;
    private static final int TEXT_LENGTH = 26;

    /** The text. */
    String text() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
    }

    /** Reads a text, which may be anything that a client sent. */
    static Optional<FeedCursor> parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length != BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, BYTES - 1);
        FeedCursor cursor = new FeedCursor(new UUID(in.getLong(), in.getLong()));
        return cursor.text().equals(text) ? Optional.of(cursor) : Optional.empty();
    }

    private byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(BYTES)
                .put(VERSION)
                .putLong(post.getMostSignificantBits())
                .putLong(post.getLeastSignificantBits());
        CRC32C crc = new CRC32C();
        crc.update(out.array(), 0, out.position());
        return out.putShort((short) crc.getValue()).array();
    }
}
