package io.tailrace.edge.watch;

import io.tailrace.edge.watch.SentWindows.Step;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Where a watch goes on behind one of its messages: the cursor of its channel, and what only a watch needs. As text it is bound to a metric,
 * a resolution and the end of a range, and has a checksum. Immutable.
 *
 * @param numbering names the numbering of the messages
 * @param sequence the number of the message
 * @param fromMs points before this time are not wanted; {@link Long#MIN_VALUE} if all are
 * @param told which windows the history has told
 * @param position the cursor of the channel; empty as long as the channel has not told one
 */
public record WatchCursor(long numbering, long sequence, long fromMs, SentWindows told, String position) {
    /** No text of more characters is looked at. */
    static final int MAX_LENGTH = 4_096;

    private static final byte VERSION = 1;
    private static final int FIXED_BYTES = 1 + 4 * Long.BYTES + 1;
    private static final int STEP_BYTES = 2 * Long.BYTES;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** The text is not a cursor of this watch; the message says why. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        private Malformed(String message) {
            super(message);
        }
    }

    /** The text of it. */
    public String encode(String metric, String resolution, long toMs) {
        byte[] end = position.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out =
                ByteBuffer.allocate(FIXED_BYTES + told.steps().size() * STEP_BYTES + end.length + Integer.BYTES);
        out.put(VERSION)
                .putLong(numbering)
                .putLong(sequence)
                .putLong(fromMs)
                .putLong(binding(metric, resolution, toMs));
        out.put((byte) told.steps().size());
        for (Step step : told.steps()) {
            out.putLong(step.untilMs()).putLong(step.offset());
        }
        out.put(end);
        out.putInt(checksum(out.array(), out.position()));
        return ENCODER.encodeToString(out.array());
    }

    /**
     * Reads a text that a client has sent.
     *
     * @throws Malformed if it is not a cursor of a watch of this metric, resolution and end
     */
    public static WatchCursor decode(String text, String metric, String resolution, long toMs) throws Malformed {
        if (text.length() > MAX_LENGTH) {
            throw new Malformed("has " + text.length() + " characters, expected at most " + MAX_LENGTH);
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new Malformed("expected base64url without padding, as it came with a message of a watch");
        }
        if (bytes.length < FIXED_BYTES + Integer.BYTES
                || !ENCODER.encodeToString(bytes).equals(text)) {
            throw new Malformed("is not a cursor of a watch: it was damaged or cut short");
        }
        int end = bytes.length - Integer.BYTES;
        if (ByteBuffer.wrap(bytes).getInt(end) != checksum(bytes, end)) {
            throw new Malformed("its checksum does not fit: it was damaged, cut short, or is of something else");
        }
        return read(ByteBuffer.wrap(bytes, 0, end), binding(metric, resolution, toMs));
    }

    private static WatchCursor read(ByteBuffer in, long binding) throws Malformed {
        byte version = in.get();
        if (version != VERSION) {
            throw new Malformed("has version " + version + ", expected " + VERSION);
        }
        long numbering = in.getLong();
        long sequence = in.getLong();
        long fromMs = in.getLong();
        if (in.getLong() != binding) {
            throw new Malformed("is of another metric, resolution or range, expected one of the same watch");
        }
        try {
            List<Step> steps = new ArrayList<>();
            for (int left = in.get(); left > 0; left--) {
                steps.add(new Step(in.getLong(), in.getLong()));
            }
            byte[] position = new byte[in.remaining()];
            in.get(position);
            if (sequence < 1) {
                throw new Malformed("has the sequence number " + sequence + ", expected 1 or more");
            }
            return new WatchCursor(
                    numbering,
                    sequence,
                    fromMs,
                    new SentWindows(steps),
                    new String(position, StandardCharsets.US_ASCII));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new Malformed("is not a cursor of a watch: " + e.getMessage());
        }
    }

    /** FNV-1a of 64 bits. It finds mistakes; what somebody may read does not depend on it. */
    private static long binding(String metric, String resolution, long toMs) {
        long hash = 0xcbf29ce484222325L;
        for (byte next : (metric + "/" + resolution + "/" + toMs).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (next & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }
}
