package io.tailrace.contracts.cursor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the text of a cursor piece by piece into a buffer that it keeps, for those who need an id per event and can't
 * afford a {@link Cursor} for each. The caller gives everything in the order of {@link CursorCodec}'s form; it is not
 * checked again. Not thread-safe.
 *
 * <pre>
 * start(topics) { topic(…) { partition(…) { lagging(…) }* }* }* finish()
 * </pre>
 */
public final class CursorEncoder {
    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[64];
    private int length;
    private byte[] text = new byte[96];
    private int topicsLeft;
    private int partitionsLeft;
    private int previousPartition;
    private long partitionOffset;

    /** An encoder to be used again and again. */
    public CursorEncoder() {}

    /** Begins a cursor over so many topics, at least one. */
    public void start(int topics) {
        length = 0;
        oneByte(CursorCodec.VERSION);
        topicsLeft = topics;
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
     * @param lagging how many {@link #lagging} calls follow
     */
    public void partition(int partition, long nextOffset, int lagging) {
        long step = partition - previousPartition - 1L;
        varint(step * 4 + (lagging > 0 ? 2 : 0) + (--partitionsLeft > 0 ? 1 : 0));
        varint(nextOffset);
        if (lagging > 0) {
            varint(lagging);
        }
        previousPartition = partition;
        partitionOffset = nextOffset;
    }

    /**
     * A channel that lags; they ascend by hash as signed numbers.
     *
     * @param channelHash {@link Cursor#channelHash(String)} of its name
     * @param nextOffset the next offset that it wants, below its partition's
     */
    public void lagging(int channelHash, long nextOffset) {
        oneByte(channelHash >>> 24);
        oneByte(channelHash >>> 16);
        oneByte(channelHash >>> 8);
        oneByte(channelHash);
        varint(partitionOffset - nextOffset);
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

    private void oneByte(int value) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = (byte) value;
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
