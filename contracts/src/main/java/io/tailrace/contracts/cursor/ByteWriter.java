package io.tailrace.contracts.cursor;

import java.util.Arrays;

/** A growing byte array. Not thread-safe. */
final class ByteWriter {
    private byte[] bytes = new byte[32];
    private int length;

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    void oneByte(int value) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = (byte) value;
    }

    void threeBytes(int value) {
        oneByte(value >>> 16);
        oneByte(value >>> 8);
        oneByte(value);
    }

    void fourBytes(int value) {
        oneByte(value >>> 24);
        threeBytes(value);
    }

    void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            oneByte((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        oneByte((int) rest);
    }
}
