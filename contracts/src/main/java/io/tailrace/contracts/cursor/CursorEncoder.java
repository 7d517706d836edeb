package io.tailrace.contracts.cursor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the text of a cursor piece by piece into a buffer that it keeps, for those who need an id per event and can't
 * afford a {@link Cursor} for each. The caller gives everything in the order of {@link CursorCodec}'s form; it is not
 * checked again. Not thread-safe.
 *
 * <pre>
 * start(topics, pending) { pending(…) }* { topic(…) { partition(…) { member(…) | members(…) }* { lagging(…) }* }* }* finish()
 * </pre>
 */
public final class CursorEncoder {
    /** The members of a partition are not known. */
    public static final int UNKNOWN_MEMBERS = -1;

    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[64];
    private int length;
    private byte[] text = new byte[96];
    private int topicsLeft;
    private int partitionsLeft;
    private int previousPartition;
    private long partitionOffset;

    /** How many lagging channels the partition has, until the first of them has written it. */
    private int laggingLeft;

    /** An encoder to be used again and again. */
    public CursorEncoder() {}

    /** Begins a cursor over so many topics, at least one, without pending channels. */
    public void start(int topics) {
        start(topics, 0);
    }

    /** Begins a cursor over so many topics and pending channels, at least one of either. */
    public void start(int topics, int pending) {
        length = 0;
        oneByte(CursorCodec.VERSION);
        topicsLeft = topics;
        if (pending > 0) {
            oneByte(topics > 0 ? 1 : 0);
            varint(pending);
        }
    }

    /**
     * A channel that is pending; they ascend as signed numbers.
     *
     * @param channelHash {@link Cursor#channelHash(String)} of its name
     */
    public void pending(int channelHash) {
        fourBytes(channelHash);
    }

    /**
     * Begins a topic; topics ascend by namespace.
     *
     * @param namespace the namespace's number
     * @param generationBits {@link Generation#bits()}
     * @param partitions how many partitions follow, at least one
     */
    public void topic(int namespace, int generationBits, int partitions) {
        varint(namespace * 2L + (--topicsLeft > 0 ? 1 : 0));
        oneByte(generationBits >>> 16);
        oneByte(generationBits >>> 8);
        oneByte(generationBits);
        partitionsLeft = partitions;
        previousPartition = -1;
    }

    /**
     * Begins a partition; they ascend.
     *
     * @param partition its number
     * @param nextOffset the next offset that is wanted
     * @param leaderEpoch of the last record before it, or {@link Cursor#NO_EPOCH}
     * @param members how many members follow, {@link #UNKNOWN_MEMBERS} if they are not known
     * @param lagging how many {@link #lagging} calls follow
     */
    public void partition(int partition, long nextOffset, int leaderEpoch, int members, int lagging) {
        varint((partition - previousPartition - 1L) * 2 + (--partitionsLeft > 0 ? 1 : 0));
        varint(nextOffset);
        boolean hasEpoch = leaderEpoch != Cursor.NO_EPOCH;
        varint((members + 1) * 4L + (hasEpoch ? 2 : 0) + (lagging > 0 ? 1 : 0));
        if (hasEpoch) {
            varint(leaderEpoch);
        }
        laggingLeft = lagging;
        previousPartition = partition;
        partitionOffset = nextOffset;
    }

    /**
     * A member; they ascend, and none of them lags.
     *
     * @param shortHash {@link Cursor#shortHash(int)}
     */
    public void member(int shortHash) {
        oneByte(shortHash >>> 16);
        oneByte(shortHash >>> 8);
        oneByte(shortHash);
    }

    /** Members that were put in their form before: three bytes each, big-endian. */
    public void members(byte[] encoded) {
        reserve(encoded.length);
        System.arraycopy(encoded, 0, bytes, length, encoded.length);
        length += encoded.length;
    }

    /**
     * A channel that lags; they ascend by hash as signed numbers.
     *
     * @param channelHash {@link Cursor#channelHash(String)} of its name
     * @param nextOffset the next offset that it wants, below its partition's
     * @param leaderEpoch of the last record before it, or {@link Cursor#NO_EPOCH}
     */
    public void lagging(int channelHash, long nextOffset, int leaderEpoch) {
        if (laggingLeft > 0) {
            varint(laggingLeft);
            laggingLeft = 0;
        }
        fourBytes(channelHash);
        varint(partitionOffset - nextOffset);
        varint(leaderEpoch + 1L);
    }

    /** Ends the cursor; its text is the first so many bytes of {@link #text()}. */
    public int finish() {
        oneByte(Crc8.of(bytes, length));
        int needed = (length * 4 + 2) / 3;
        if (text.length < needed) {
            text = new byte[needed * 2];
        }
        int out = 0;
        int in = 0;
        for (; in + 2 < length; in += 3) {
            int group = (bytes[in] & 0xff) << 16 | (bytes[in + 1] & 0xff) << 8 | (bytes[in + 2] & 0xff);
            text[out++] = ALPHABET[group >>> 18];
            text[out++] = ALPHABET[group >>> 12 & 63];
            text[out++] = ALPHABET[group >>> 6 & 63];
            text[out++] = ALPHABET[group & 63];
        }
        int rest = length - in;
        if (rest > 0) {
            int group = (bytes[in] & 0xff) << 16 | (rest == 2 ? (bytes[in + 1] & 0xff) << 8 : 0);
            text[out++] = ALPHABET[group >>> 18];
            text[out++] = ALPHABET[group >>> 12 & 63];
            if (rest == 2) {
                text[out++] = ALPHABET[group >>> 6 & 63];
            }
        }
        return out;
    }

    /** Where {@link #finish()} leaves the text, in ASCII; valid until the next {@link #start}. */
    public byte[] text() {
        return text;
    }

    private void reserve(int count) {
        if (count > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, length * 2));
        }
    }

    private void oneByte(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    private void fourBytes(int value) {
        oneByte(value >>> 24);
        oneByte(value >>> 16);
        oneByte(value >>> 8);
        oneByte(value);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            oneByte((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        oneByte((int) rest);
    }
}
