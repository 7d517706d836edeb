package io.tailrace.ingest.feed;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Where a page of a newsfeed ends, as an opaque text: a version, the place of the last post on it in the feed's channel, its
 * id, and two bytes by which a damaged one is noticed. Canonical: one position has one text. Pure.
 *
 * <p>Those of version 1 have no place, because feeds were ordered by the ids of posts; they are read, and no longer given.
 *
 * @param logOffset the place of the last post that was shown, or {@link #UNKNOWN_OFFSET}
 * @param post its id
 */
record FeedCursor(long logOffset, UUID post) {
    /** The place of a post of which a cursor of version 1 has the id alone. */
    static final long UNKNOWN_OFFSET = -1;

    private static final byte VERSION_WITHOUT_OFFSET = 1;
    private static final byte VERSION = 2;
    private static final int BYTES_WITHOUT_OFFSET = 19;
    private static final int BYTES = BYTES_WITHOUT_OFFSET + Long.BYTES;
    private static final int LONGEST_TEXT = 36;

    /** The text. */
    String text() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
    }

    /** Reads a text, which may be anything that a client sent. */
    static Optional<FeedCursor> parse(String text) {
        if (text.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length != BYTES && bytes.length != BYTES_WITHOUT_OFFSET) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        long logOffset = bytes.length == BYTES ? in.getLong() : UNKNOWN_OFFSET;
        FeedCursor cursor = new FeedCursor(logOffset, new UUID(in.getLong(), in.getLong()));
        return cursor.text().equals(text) ? Optional.of(cursor) : Optional.empty();
    }

    private byte[] bytes() {
        boolean hasOffset = logOffset != UNKNOWN_OFFSET;
        ByteBuffer out = ByteBuffer.allocate(hasOffset ? BYTES : BYTES_WITHOUT_OFFSET)
                .put(hasOffset ? VERSION : VERSION_WITHOUT_OFFSET);
        if (hasOffset) {
            out.putLong(logOffset);
        }
        out.putLong(post.getMostSignificantBits()).putLong(post.getLeastSignificantBits());
        CRC32C crc = new CRC32C();
        crc.update(out.array(), 0, out.position());
        return out.putShort((short) crc.getValue()).array();
    }
}
