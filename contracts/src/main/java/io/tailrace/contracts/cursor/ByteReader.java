package io.tailrace.contracts.cursor;

/** Reads what {@link CursorEncoder} writes and refuses every other form. Not thread-safe. */
final class ByteReader {
    /** The bytes ended inside a value. */
    static final class Truncated extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Truncated() {
            super("truncated", null, false, false);
        }
    }

    private final byte[] bytes;
    private final int end;
    private int at;

    ByteReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    int remaining() {
        return end - at;
    }

    int oneByte() {
        if (at == end) {
            throw new Truncated();
        }
        return bytes[at++] & 0xff;
    }

    int threeBytes() {
        return oneByte() << 16 | oneByte() << 8 | oneByte();
    }

    int fourBytes() {
        return oneByte() << 24 | threeBytes();
    }

    /** A non-negative number in its shortest form. */
    long varint() {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = oneByte();
            value |= (long) (next & 0x7f) << shift;
            if ((next & 0x80) == 0) {
                if (next == 0 && shift > 0) {
                    throw new IllegalArgumentException("a number is not in its shortest form");
                }
                return value;
            }
        }
        throw new IllegalArgumentException("a number has more than 63 bits");
    }

    int boundedVarint(int max, String what) {
        long value = varint();
        if (value > max) {
            throw new IllegalArgumentException(what + ": " + value + ", expected at most " + max);
        }
        return (int) value;
    }
}
