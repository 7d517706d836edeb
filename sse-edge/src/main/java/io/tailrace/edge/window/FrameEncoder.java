package io.tailrace.edge.window;

import io.tailrace.contracts.cursor.CursorEncoder;
import io.tailrace.contracts.cursor.Generation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the frames of one partition as {@code text/event-stream} (WHATWG HTML, section 9.2). A value is written so that
 * a parser gives it back: CR, LF and CRLF end a line there, so each line of a value has a {@code data:} of its own (a CR
 * arrives as LF, which the format cannot avoid). Not thread-safe.
 */
final class FrameEncoder {
    private static final byte[] ID = ascii("id: ");
    private static final byte[] EVENT = ascii("event: ");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] NULL = ascii("null");
    private static final byte[] ENVELOPE_CHANNEL = ascii("data: {\"channel\":\"");
    private static final byte[] ENVELOPE_ID = ascii("\",\"id\":\"");
    private static final byte[] ENVELOPE_TIME = ascii("\",\"time\":\"");
    private static final byte[] ENVELOPE_DATA = ascii("\",\"data\":");
    private static final byte[] END = ascii("}\n\n");
    private static final byte[] HEX = ascii("0123456789abcdef");

    /** Bytes of the field's name, its colon and the space, for id, event and data. */
    static final int ID_FIELD = ID.length;

    static final int EVENT_FIELD = EVENT.length;
    static final int DATA_FIELD = DATA.length;

    private static final String RESERVED = "stream.";

    private final PartitionId partition;
    private final Generation generation;
    private byte[] bytes = new byte[1024];
    private int length;
    private final CursorEncoder cursor = new CursorEncoder();

    FrameEncoder(PartitionId partition, Generation generation) {
        this.partition = partition;
        this.generation = generation;
    }

    int length() {
        return length;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** The id line of a stream that has this partition alone and has everything below {@code nextOffset}. */
    void idLine(long nextOffset) {
        write(ID);
        cursor.start(1);
        cursor.topic(partition.namespace(), generation.bits(), 1);
        cursor.partition(partition.partition(), nextOffset, 0);
        int count = cursor.finish();
        write(cursor.text(), 0, count);
        write('\n');
    }

    /**
     * A type from the log is not trusted: a line break in it would end the field, NUL is of no use to anybody, and a
     * reserved one must not pass for a control event of the edge.
     */
    void eventLine(String type) {
        if (type.isEmpty()) {
            return;
        }
        write(EVENT);
        if (type.startsWith(RESERVED)) {
            write('_');
        }
        boolean clean = true;
        for (int i = 0; i < type.length(); i++) {
            clean &= type.charAt(i) >= ' ' && type.charAt(i) < 0x7f;
        }
        if (clean) {
            writeAscii(type);
        } else {
            write(type.replaceAll("\\p{Cntrl}", "_").getBytes(StandardCharsets.UTF_8));
        }
        write('\n');
    }

    /** The envelope up to its data. */
    void envelopeHead(String channel, String id, String time) {
        write(ENVELOPE_CHANNEL);
        writeJson(channel);
        write(ENVELOPE_ID);
        writeJson(id);
        write(ENVELOPE_TIME);
        writeJson(time);
        write(ENVELOPE_DATA);
    }

    /** The envelope's data and its end. */
    void valueAndEnd(byte @Nullable [] value) {
        writeLines(value == null ? NULL : value);
        write(END);
    }

    private void writeLines(byte[] value) {
        int from = 0;
        for (int i = 0; i < value.length; i++) {
            byte b = value[i];
            if (b == '\n' || b == '\r') {
                write(value, from, i - from);
                write('\n');
                write(DATA);
                if (b == '\r' && i + 1 < value.length && value[i + 1] == '\n') {
                    i++;
                }
                from = i + 1;
            }
        }
        write(value, from, value.length - from);
    }

    /** The inside of a JSON string (RFC 8259, section 7). */
    private void writeJson(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x7f) {
                writeJsonBytes(text.substring(i).getBytes(StandardCharsets.UTF_8));
                return;
            }
            writeJsonByte((byte) c);
        }
    }

    private void writeJsonBytes(byte[] utf8) {
        for (byte b : utf8) {
            writeJsonByte(b);
        }
    }

    private void writeJsonByte(byte b) {
        if (b == '"' || b == '\\') {
            write('\\');
            write(b);
        } else if (b >= 0 && b < ' ') {
            writeAscii("\\u00");
            write(HEX[b >> 4]);
            write(HEX[b & 15]);
        } else {
            write(b);
        }
    }

    private void write(int b) {
        reserve(1);
        bytes[length++] = (byte) b;
    }

    private void write(byte[] source) {
        write(source, 0, source.length);
    }

    private void write(byte[] source, int from, int count) {
        reserve(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    @SuppressWarnings("deprecation") // the one way to copy ASCII out of a String without a temporary array
    private void writeAscii(String text) {
        int count = text.length();
        reserve(count);
        text.getBytes(0, count, bytes, length);
        length += count;
    }

    private void reserve(int count) {
        if (count > bytes.length - length) {
            bytes = Arrays.copyOf(
                    bytes, Math.max(Math.addExact(length, count), (int) Math.min(2L * bytes.length, 1 << 30)));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
