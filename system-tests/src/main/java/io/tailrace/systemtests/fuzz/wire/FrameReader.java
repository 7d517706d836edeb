package io.tailrace.systemtests.fuzz.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads frames of HTTP/2 and of WebSocket as far as is needed to see that they are some. */
final class FrameReader {
    private static final int MAX_HTTP2_FRAME = 16_384;
    private static final Set<Integer> WEBSOCKET_OPCODES = Set.of(0x1, 0x8, 0x9, 0xa);

    private FrameReader() {}

    /**
     * Reads frames of a server until it closes, the first stream has ended, or nothing comes any more.
     *
     * @return what is wrong with them, or null
     */
    static @Nullable String readHttp2(InputStream in) throws IOException {
        try {
            while (true) {
                byte[] head = in.readNBytes(9);
                if (head.length < 9) {
                    return null;
                }
                int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
                int type = head[3] & 0xff;
                if (length > MAX_HTTP2_FRAME || type > 9) {
                    // Before the preface is read whole it may be HTTP/1.1, and so may be the refusal.
                    return head[0] == 'H' && head[1] == 'T'
                            ? null
                            : "a frame of type " + type + " with " + length + " bytes";
                }
                byte[] payload = in.readNBytes(length);
                if (payload.length < length) {
                    return null;
                }
                String wrong = type == 1 ? status(payload) : null;
                boolean ended = type <= 1 && (head[4] & 1) == 1;
                if (wrong != null || ended || type == 7) {
                    return wrong;
                }
            }
        } catch (SocketTimeoutException e) {
            return null;
        } catch (IOException e) {
            // Reset.
            return null;
        }
    }

    /** The status is the first field: by its number in the static table (RFC 7541, appendix A) or as a literal. */
    private static @Nullable String status(byte[] block) {
        int at = 0;
        while (at < block.length && (block[at] & 0xe0) == 0x20) {
            at++;
        }
        if (at >= block.length) {
            return "an empty block of headers";
        }
        int first = block[at] & 0xff;
        if (first == 0x8e) {
            return "500";
        }
        boolean literal = first == 0x48 || first == 0x08 || first == 0x18;
        if (literal && at + 4 < block.length && block[at + 1] == 3) {
            String status = new String(block, at + 2, 3, StandardCharsets.ISO_8859_1);
            return status.startsWith("5") && !status.equals("503") ? status : null;
        }
        return null;
    }

    /** Reads messages of a server until it closes or nothing comes any more. */
    static void readWebSocket(InputStream in) throws IOException {
        try {
            while (true) {
                int first = in.read();
                int second = in.read();
                if (second < 0) {
                    return;
                }
                if (!WEBSOCKET_OPCODES.contains(first & 0xf) || (first & 0xf0) != 0x80 || (second & 0x80) != 0) {
                    throw new AnswerReader.NonsenseException(
                            String.format(Locale.ROOT, "a frame that begins with %02x %02x", first, second));
                }
                long length = second < 126 ? second : number(in, second == 126 ? 2 : 8);
                if (length > 64 << 20 || in.readNBytes((int) length).length < length) {
                    return;
                }
                if ((first & 0xf) == 0x8) {
                    return;
                }
            }
        } catch (SocketTimeoutException | EOFException e) {
            return;
        } catch (AnswerReader.NonsenseException e) {
            throw e;
        } catch (IOException e) {
            // Reset, because the server did not read all.
            return;
        }
    }

    private static long number(InputStream in, int bytes) throws IOException {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number = number << 8 | in.read() & 0xff;
        }
        return number;
    }
}
