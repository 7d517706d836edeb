package io.tailrace.edge.testing;

import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding.Decoded;
import java.io.ByteArrayOutputStream;
import java.util.Base64;

/** What edges wrote before cursors had epochs and members. */
public final class VersionOneCursor {
    private VersionOneCursor() {}

    /** The same position, in one partition, as a cursor of version 1. */
    public static String of(String id) {
        TopicPosition topic =
                ((Decoded) CursorCodec.decode(id)).cursor().topics().getFirst();
        PartitionPosition at = topic.partitions().getFirst();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(1);
        varint(out, topic.namespace() * 2L);
        out.write(topic.generation().bits() >>> 16);
        out.write(topic.generation().bits() >>> 8);
        out.write(topic.generation().bits());
        varint(out, at.partition() * 4L);
        varint(out, at.nextOffset());
        out.write(crc(out.toByteArray()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static int crc(byte[] bytes) {
        int crc = 0;
        for (byte next : bytes) {
            crc ^= next & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x80) != 0 ? (crc << 1 ^ 0x07) & 0xff : crc << 1;
            }
        }
        return crc;
    }
}
