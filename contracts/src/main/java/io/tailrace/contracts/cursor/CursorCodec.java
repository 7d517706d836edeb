package io.tailrace.contracts.cursor;

import io.tailrace.contracts.cursor.Cursor.LaggingChannel;
import io.tailrace.contracts.cursor.Cursor.Members;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.CursorDecoding.Decoded;
import io.tailrace.contracts.cursor.CursorDecoding.Fault;
import io.tailrace.contracts.cursor.CursorDecoding.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * The text form of a {@link Cursor}: bytes in base64url without padding (RFC 4648, section 5).
 *
 * <p>The bytes of version 2, where a varint is an unsigned LEB128 in its shortest form:
 *
 * <pre>
 * version         1 byte, 0x02
 * pending         only if channels are pending:
 *   namespace     1 byte: 1 if a topic follows, else 0. No namespace has the number 0
 *   count         varint, at least 1
 *   hashes        4 bytes each, big-endian, ascending as signed numbers
 * topics          one after the other, by ascending namespace:
 *   namespace     varint: namespace * 2 + (1 if another topic follows)
 *   generation    3 bytes, big-endian
 *   partitions    one after the other, ascending:
 *     partition   varint: step * 2 + (1 if another partition of this topic follows),
 *                 where step is the number of partitions skipped since the one before (the first: since none)
 *     nextOffset  varint
 *     form        varint: members * 4 + (2 if the epoch is known) + (1 if channels lag),
 *                 where members is 0 if they are unknown, else 1 more than their number
 *     epoch       only if flagged: varint
 *     members     3 bytes each, big-endian, ascending; without those that lag
 *     lagging     only if flagged: varint count, at least 1; then for each, by ascending (signed) hash:
 *       hash      4 bytes, big-endian
 *       behind    varint: nextOffset of the partition - nextOffset of the channel
 *       epoch     varint: 0 if it is not known, else 1 more than it
 * checksum        1 byte: CRC-8 (polynomial 0x07, initial 0) of everything before
 * </pre>
 *
 * <p>Version 1 has no pending channels, and its {@code partition} is step * 4 + (2 if channels lag) + (1 if another
 * follows), without form, epochs and members. It is read and not written any more.
 *
 * <p>The form is canonical: one cursor has one text, and a text of version 2 that decodes encodes to itself. What may
 * follow is flagged in what stands before it: this is shorter, and a text that was cut short is always noticed.
 *
 * <p>Stateless and thread-safe.
 */
public final class CursorCodec {
    /**
     * The longest text that is looked at, in characters. The largest cursor that {@link Cursor} allows has fewer than
     * 50,000; one of a thousand channels in one partition has about 4,000, and about 11,000 if they all lag.
     */
    public static final int MAX_TEXT_LENGTH = 51_200;

    static final int VERSION = 2;
    static final int VERSION_1 = 1;

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private CursorCodec() {}

    /** The text of a cursor, of version 2. */
    public static String encode(Cursor cursor) {
        CursorEncoder out = new CursorEncoder();
        out.start(cursor.topics().size(), cursor.pending().size());
        cursor.pending().forEach(out::pending);
        for (TopicPosition topic : cursor.topics()) {
            out.topic(
                    topic.namespace(),
                    topic.generation().bits(),
                    topic.partitions().size());
            topic.partitions().forEach(partition -> write(out, partition));
        }
        int length = out.finish();
        return new String(out.text(), 0, length, StandardCharsets.US_ASCII);
    }

    /** Reads a text, which may be anything that a client sent. Never throws. */
    public static CursorDecoding decode(String text) {
        if (text.isEmpty()) {
            return new Malformed(Fault.EMPTY, "expected a cursor, got an empty text");
        }
        if (text.length() > MAX_TEXT_LENGTH) {
            return new Malformed(
                    Fault.TOO_LONG, "expected at most " + MAX_TEXT_LENGTH + " characters, got " + text.length());
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return new Malformed(Fault.NOT_BASE64URL, "expected base64url without padding");
        }
        if (!ENCODER.encodeToString(bytes).equals(text)) {
            return new Malformed(Fault.NOT_BASE64URL, "expected base64url without padding and without spare bits");
        }
        return decodeBytes(bytes);
    }

    private static CursorDecoding decodeBytes(byte[] bytes) {
        if (bytes[0] != VERSION && bytes[0] != VERSION_1) {
            return new Malformed(
                    Fault.UNKNOWN_VERSION, "expected version 1 or " + VERSION + ", got " + (bytes[0] & 0xff));
        }
        if (bytes.length < 2) {
            return new Malformed(Fault.TRUNCATED, "it ends after its version");
        }
        if (Crc8.of(bytes, bytes.length - 1) != (bytes[bytes.length - 1] & 0xff)) {
            return new Malformed(Fault.CHECKSUM, "its checksum does not fit: it was damaged or cut short");
        }
        try {
            ByteReader in = new ByteReader(bytes, 1, bytes.length - 1);
            Cursor cursor = CursorReader.read(in, bytes[0]);
            if (in.remaining() > 0) {
                return new Malformed(Fault.TRAILING_BYTES, in.remaining() + " bytes after its end");
            }
            return new Decoded(cursor);
        } catch (ByteReader.Truncated e) {
            return new Malformed(Fault.TRUNCATED, "it ends before it is complete");
        } catch (IllegalArgumentException e) {
            return new Malformed(Fault.INVALID_NUMBER, String.valueOf(e.getMessage()));
        }
    }

    private static void write(CursorEncoder out, PartitionPosition partition) {
        List<Integer> members =
                switch (partition.members()) {
                    case Members.Unknown() -> List.of();
                    case Members.Known(List<Integer> hashes) -> hashes;
                };
        out.partition(
                partition.partition(),
                partition.nextOffset(),
                partition.leaderEpoch(),
                partition.members() instanceof Members.Known ? members.size() : CursorEncoder.UNKNOWN_MEMBERS,
                partition.lagging().size());
        members.forEach(out::member);
        for (LaggingChannel channel : partition.lagging()) {
            out.lagging(channel.channelHash(), channel.nextOffset(), channel.leaderEpoch());
        }
    }
}
