package io.tailrace.edge.window;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.CursorEncoder;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.contracts.event.EventTypes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes the frames of one partition as {@code text/event-stream} (WHATWG HTML, section 9.2). A value is written so that
 * a parser gives it back: CR, LF and CRLF end a line there, so each line of a value has a {@code data:} of its own (a CR
 * arrives as LF, which the format cannot avoid). Other languages end lines at more characters, and decoders written in them
 * break a frame there ({@code str.splitlines} of Python); those are escaped as JSON has it, which changes no value. Not
 * thread-safe.
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

    private static final Pattern NOT_IN_A_TYPE = Pattern.compile("[\\p{Cntrl}\u0085\u2028\u2029]");

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

    /** The id line of a stream that has this channel alone and has everything below {@code nextOffset}. */
    void idLine(String channel, long nextOffset, int leaderEpoch) {
        write(ID);
        cursor.start(1);
        cursor.topic(partition.namespace(), generation.bits(), 1);
        cursor.partition(partition.partition(), nextOffset, leaderEpoch, 1, 0);
        cursor.member(Cursor.shortHash(Cursor.channelHash(channel)));
        int count = cursor.finish();
        write(cursor.text(), 0, count);
        write('\n');
    }

    /**
     * A type from the log is not trusted: a line break in it would end the field, NUL is of no use to anybody, and a
     * reserved one must not pass for a control event of the edge or an event of the browser.
     */
    void eventLine(String type) {
        if (type.isEmpty()) {
            return;
        }
        write(EVENT);
        if (EventTypes.isReserved(type)) {
            write('_');
        }
        boolean clean = true;
        for (int i = 0; i < type.length(); i++) {
            clean &= type.charAt(i) >= ' ' && type.charAt(i) < 0x7f;
        }
        if (clean) {
            writeAscii(type);
        } else {
            write(NOT_IN_A_TYPE.matcher(type).replaceAll("_").getBytes(StandardCharsets.UTF_8));
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
            if (b >= ' ') {
                continue;
            }
            int escaped = lineEndOfOthers(value, i);
            if (escaped > 0) {
                write(value, from, i - from);
                writeEscape(escaped);
                i += escaped < 0x80 ? 0 : escaped < 0x800 ? 1 : 2;
                from = i + 1;
            } else if (b == '\n' || b == '\r') {
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

    /**
     * The code point at {@code i} if it is one at which others than this format end lines: VT, FF, FS, GS, RS, NEL (U+0085), LS
     * (U+2028), PS (U+2029). Otherwise 0. In JSON each of them may stand in a string only,
     * the first ones not even there, so that an escape in its place is the same value.
     */
    private static int lineEndOfOthers(byte[] value, int i) {
        return switch (value[i]) {
            case 0x0b, 0x0c, 0x1c, 0x1d, 0x1e -> value[i];
            case (byte) 0xc2 -> i + 1 < value.length && value[i + 1] == (byte) 0x85 ? 0x85 : 0;
            case (byte) 0xe2 -> {
                boolean separator = i + 2 < value.length
                        && value[i + 1] == (byte) 0x80
                        && (value[i + 2] == (byte) 0xa8 || value[i + 2] == (byte) 0xa9);
                yield separator ? 0x2000 + (value[i + 2] & 0x3f) : 0;
            }
            default -> 0;
        };
    }

    private void writeEscape(int c) {
        writeAscii("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            write(HEX[c >> shift & 15]);
        }
    }

    /** The inside of a JSON string (RFC 8259, section 7). */
    private void writeJson(String text) {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (isSeparator(c)) {
                writeEscape(c);
                i++;
            } else if (c < 0x7f) {
                writeJsonByte((byte) c);
                i++;
            } else {
                int from = i;
                while (i < text.length() && text.charAt(i) >= 0x7f && !isSeparator(text.charAt(i))) {
                    i++;
                }
                write(text.substring(from, i).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static boolean isSeparator(char c) {
        return c == 0x85 || c == 0x2028 || c == 0x2029;
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
