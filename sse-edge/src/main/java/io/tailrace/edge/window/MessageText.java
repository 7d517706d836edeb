package io.tailrace.edge.window;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The text of a WebSocket message, as far as it is not in a {@link Batch} already. Such a message must be UTF-8 (RFC 6455,
 * section 8.1): a client ends the connection over one that is not, and would do so again whenever it comes back.
 * Stateless.
 */
public final class MessageText {
    /** What a frame without a type is for whoever reads it. */
    private static final byte[] NO_TYPE = "message".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] BETWEEN = "\",\"data\":".getBytes(StandardCharsets.US_ASCII);

    private MessageText() {}

    /** Whether it has a type without characters that JSON escapes, and a value that is UTF-8 on one line. */
    static boolean isPlain(Batch batch, int i) {
        byte[] bytes = batch.bytes();
        if (batch.bodyStart(i) == batch.dataStart(i)) {
            return false;
        }
        for (int at = batch.typeStart(i); at < batch.typeEnd(i); at++) {
            if (bytes[at] == '"' || bytes[at] == '\\') {
                return false;
            }
        }
        boolean ascii = true;
        for (int at = batch.valueStart(i); at < batch.valueEnd(i); at++) {
            if (bytes[at] == '\n') {
                return false;
            }
            ascii &= bytes[at] >= 0;
        }
        return ascii || isUtf8(bytes, batch.valueStart(i), batch.valueEnd(i));
    }

    /**
     * The type and the envelope of a frame that is not plain, as they stand in a message: {@code TYPE","data":ENVELOPE}.
     * Line breaks of the value are line feeds, as in the frame; what is not UTF-8 is U+FFFD, as a browser reads it.
     */
    public static byte[] rewritten(Batch batch, int i) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(batch.end(i) - batch.bodyStart(i) + 16);
        byte[] bytes = batch.bytes();
        if (batch.bodyStart(i) == batch.dataStart(i)) {
            out.writeBytes(NO_TYPE);
        } else {
            for (int at = batch.typeStart(i); at < batch.typeEnd(i); at++) {
                if (bytes[at] == '"' || bytes[at] == '\\') {
                    out.write('\\');
                }
                out.write(bytes[at]);
            }
        }
        out.writeBytes(BETWEEN);
        for (int at = batch.jsonStart(i); at < batch.jsonEnd(i); at++) {
            out.write(bytes[at]);
            if (bytes[at] == '\n') {
                // The frame has the name of the field on each of its lines.
                at += FrameEncoder.DATA_FIELD;
            }
        }
        return out.toString(StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    }

    /** Where the envelope starts in what {@link #rewritten} has made: a type has no quotation mark that is not escaped. */
    public static int dataStart(byte[] rewritten) {
        int at = 0;
        while (rewritten[at] != '"') {
            at += rewritten[at] == '\\' ? 2 : 1;
        }
        return at + BETWEEN.length;
    }

    private static boolean isUtf8(byte[] bytes, int from, int to) {
        try {
            var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
