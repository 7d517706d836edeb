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
 * topics          one after the other, by ascending namespace:
 *   namespace     varint: namespace * 2 + (1 if another topic follows)
 *   generation    3 bytes, big-endian
 *   partitions    one after the other, ascending:
 *     partition   varint: step * 4 + (2 if channels lag) + (1 if another partition of this topic follows),
 *                 where step is the number of partitions skipped since the one before (the first: since none)
 *     nextOffset  varint
 *     lagging     only if flagged: varint count, at least 1; then for each, by ascending (signed) hash:
 *       hash      4 bytes, big-endian
 *       behind    varint: nextOffset of the partition - nextOffset of the channel
 * checksum        1 byte: CRC-8 (polynomial 0x07, initial 0) of everything before
 * </pre>
 *
 * <p>The form is canonical: one cursor has one text, and a text that decodes encodes to itself. No part of it says how
 * many follow, and each says whether one does: this is shorter, and a text that was cut short is always noticed.
 *
 * <p>Stateless and thread-safe.
 */
public final class CursorCodec {
    /**
     * The longest text that is looked at, in characters. The largest cursor that {@link Cursor} allows has fewer than
     * 35,000; one of a thousand channels that all lag has about 10,000.
     */
    public static final int MAX_TEXT_LENGTH = 36_864;

    static final int VERSION = 1;

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private CursorCodec() {}

    /** The text of a cursor. */
    public static String encode(Cursor cursor) {
        ByteWriter out = new ByteWriter();
        out.oneByte(VERSION);
        int topicsLeft = cursor.topics().size();
        for (TopicPosition topic : cursor.topics()) {
            writeTopic(out, topic, --topicsLeft > 0);
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

    private static void writeTopic(ByteWriter out, TopicPosition topic, boolean more) {
        out.varint(topic.namespace() * 2L + (more ? 1 : 0));
        out.threeBytes(topic.generation().bits());
        int previous = -1;
        int partitionsLeft = topic.partitions().size();
        for (PartitionPosition partition : topic.partitions()) {
            boolean lags = !partition.lagging().isEmpty();
            long step = partition.partition() - previous - 1L;
            out.varint(step * 4 + (lags ? 2 : 0) + (--partitionsLeft > 0 ? 1 : 0));
            out.varint(partition.nextOffset());
            if (lags) {
                writeLagging(out, partition);
            }
            previous = partition.partition();
        }
    }

    private static void writeLagging(ByteWriter out, PartitionPosition partition) {
        out.varint(partition.lagging().size());
        for (LaggingChannel channel : partition.lagging()) {
            out.fourBytes(channel.channelHash());
            out.varint(partition.nextOffset() - channel.nextOffset());
        }
    }

    private static List<TopicPosition> readTopics(ByteReader in) {
        List<TopicPosition> topics = new ArrayList<>();
        int previous = 0;
        boolean more = true;
        while (more) {
            int head = in.boundedVarint(127 * 2 + 1, "namespace");
            more = (head & 1) == 1;
            int namespace = head >>> 1;
            if (namespace <= previous) {
                throw new IllegalArgumentException(
                        "namespace " + namespace + " after " + previous + ", expected ascending numbers from 1");
            }
            previous = namespace;
            Generation generation = new Generation(in.threeBytes());
            topics.add(new TopicPosition(namespace, generation, readPartitions(in)));
        }
        return topics;
    }

    private static List<PartitionPosition> readPartitions(ByteReader in) {
        List<PartitionPosition> partitions = new ArrayList<>();
        int next = 0;
        boolean more = true;
        while (more) {
            int head = in.boundedVarint(Cursor.MAX_PARTITION_NUMBER * 4 + 3, "partition");
            more = (head & 1) == 1;
            int partition = next + (head >>> 2);
            next = partition + 1;
            long nextOffset = in.varint();
            List<LaggingChannel> lagging = (head & 2) == 0 ? List.of() : readLagging(in, nextOffset);
            partitions.add(new PartitionPosition(partition, nextOffset, lagging));
        }
        return partitions;
    }

    private static List<LaggingChannel> readLagging(ByteReader in, long partitionOffset) {
        int count = in.boundedVarint(Cursor.MAX_LAGGING, "lagging channels");
        if (count == 0) {
            throw new IllegalArgumentException("lagging channels: 0, expected at least 1 where they are announced");
        }
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
