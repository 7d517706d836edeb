package io.tailrace.contracts.cursor;

import io.tailrace.contracts.cursor.Cursor.LaggingChannel;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.CursorDecoding.Decoded;
import io.tailrace.contracts.cursor.CursorDecoding.Fault;
import io.tailrace.contracts.cursor.CursorDecoding.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The text form of a {@link Cursor}: bytes in base64url without padding (RFC 4648, section 5).
 *
 * <p>The bytes of version 1, where a varint is an unsigned LEB128 in its shortest form:
 *
 * <pre>
 * version         1 byte, 0x01
 * topics          varint; then for each, by ascending namespace:
 *   namespace     varint
 *   generation    3 bytes, big-endian
 *   partitions    varint: count * 2 + (1 if any channel lags); then for each, ascending:
 *     partition   varint: difference to the one before (the first: itself), minus one after the first
 *     nextOffset  varint
 *     lagging     only if flagged: varint count; then for each, by ascending hash:
 *       hash      4 bytes, big-endian
 *       behind    varint: nextOffset of the partition - nextOffset of the channel
 * checksum        1 byte: CRC-8 (polynomial 0x07, initial 0) of everything before
 * </pre>
 *
 * <p>The form is canonical: one cursor has one text, and a text that decodes encodes to itself. Stateless and
 * thread-safe.
 */
public final class CursorCodec {
    /** The longest text that is looked at, in characters. */
    public static final int MAX_TEXT_LENGTH = 32_768;

    static final int VERSION = 1;

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private CursorCodec() {}

    /** The text of a cursor. */
    public static String encode(Cursor cursor) {
        ByteWriter out = new ByteWriter();
        out.oneByte(VERSION);
        out.varint(cursor.topics().size());
        for (TopicPosition topic : cursor.topics()) {
            writeTopic(out, topic);
        }
        out.oneByte(Crc8.of(out.bytes(), out.length()));
        return ENCODER.encodeToString(out.toByteArray());
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
        if (bytes[0] != VERSION) {
            return new Malformed(Fault.UNKNOWN_VERSION, "expected version " + VERSION + ", got " + (bytes[0] & 0xff));
        }
        if (bytes.length < 2) {
            return new Malformed(Fault.TRUNCATED, "it ends after its version");
        }
        if (Crc8.of(bytes, bytes.length - 1) != (bytes[bytes.length - 1] & 0xff)) {
            return new Malformed(Fault.CHECKSUM, "its checksum does not fit: it was damaged or cut short");
        }
        try {
            ByteReader in = new ByteReader(bytes, 1, bytes.length - 1);
            List<TopicPosition> topics = readTopics(in);
            if (in.remaining() > 0) {
                return new Malformed(Fault.TRAILING_BYTES, in.remaining() + " bytes after its end");
            }
            return new Decoded(new Cursor(topics));
        } catch (ByteReader.Truncated e) {
            return new Malformed(Fault.TRUNCATED, "it ends before it is complete");
        } catch (IllegalArgumentException e) {
            return new Malformed(Fault.INVALID_NUMBER, String.valueOf(e.getMessage()));
        }
    }

    private static void writeTopic(ByteWriter out, TopicPosition topic) {
        boolean lagging = topic.partitions().stream().anyMatch(p -> !p.lagging().isEmpty());
        out.varint(topic.namespace());
        out.threeBytes(topic.generation().bits());
        out.varint(topic.partitions().size() * 2L + (lagging ? 1 : 0));
        int previous = -1;
        for (PartitionPosition partition : topic.partitions()) {
            out.varint(partition.partition() - previous - 1L);
            previous = partition.partition();
            out.varint(partition.nextOffset());
            if (lagging) {
                out.varint(partition.lagging().size());
                for (LaggingChannel channel : partition.lagging()) {
                    out.fourBytes(channel.channelHash());
                    out.varint(partition.nextOffset() - channel.nextOffset());
                }
            }
        }
    }

    private static List<TopicPosition> readTopics(ByteReader in) {
        int count = in.boundedVarint(127, "topics");
        List<TopicPosition> topics = new ArrayList<>(count);
        int previous = 0;
        for (int i = 0; i < count; i++) {
            int namespace = in.boundedVarint(127, "namespace");
            if (namespace <= previous) {
                throw new IllegalArgumentException(
                        "namespace " + namespace + " after " + previous + ", expected ascending numbers");
            }
            previous = namespace;
            Generation generation = new Generation(in.threeBytes());
            topics.add(new TopicPosition(namespace, generation, readPartitions(in)));
        }
        return topics;
    }

    private static List<PartitionPosition> readPartitions(ByteReader in) {
        int header = in.boundedVarint(Cursor.MAX_PARTITIONS * 2 + 1, "partitions");
        boolean flagged = (header & 1) == 1;
        int count = header >>> 1;
        List<PartitionPosition> partitions = new ArrayList<>(count);
        int previous = -1;
        boolean anyLagging = false;
        for (int i = 0; i < count; i++) {
            int partition = previous + 1 + in.boundedVarint(1 << 20, "partition");
            previous = partition;
            long nextOffset = in.varint();
            List<LaggingChannel> lagging = flagged ? readLagging(in, nextOffset) : List.of();
            anyLagging |= !lagging.isEmpty();
            partitions.add(new PartitionPosition(partition, nextOffset, lagging));
        }
        if (flagged && !anyLagging) {
            throw new IllegalArgumentException("flagged for lagging channels, but it has none");
        }
        return partitions;
    }

    private static List<LaggingChannel> readLagging(ByteReader in, long partitionOffset) {
        int count = in.boundedVarint(Cursor.MAX_LAGGING, "lagging channels");
        List<LaggingChannel> lagging = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int hash = in.fourBytes();
            if (i > 0 && hash <= lagging.getLast().channelHash()) {
                throw new IllegalArgumentException("lagging channels out of order");
            }
            lagging.add(new LaggingChannel(hash, partitionOffset - in.varint()));
        }
        return lagging;
    }
}
