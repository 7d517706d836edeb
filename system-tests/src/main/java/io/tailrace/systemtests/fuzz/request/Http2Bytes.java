package io.tailrace.systemtests.fuzz.request;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Frames of HTTP/2 (RFC 9113), with headers as literals without Huffman (RFC 7541, section 6.2.2). Pure. */
final class Http2Bytes {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private Http2Bytes() {}

    /** A connection with the request on its first stream, and something that is wrong. */
    static byte[] of(Draft draft, Dice dice) {
        byte[] block = block(draft, dice);
        boolean withBody = draft.body.length > 0;
        byte[] settings = frame(
                SETTINGS, 0, 0, dice.oneIn(4) ? dice.bytes(dice.below(3) * 6 + (dice.oneIn(4) ? 1 : 0)) : new byte[0]);
        byte[] request = frame(HEADERS, END_HEADERS | (withBody ? 0 : END_STREAM), 1, block);
        byte[] body = withBody
                ? frame(DATA, END_STREAM, 1, java.util.Arrays.copyOf(draft.body, Math.min(draft.body.length, 16_384)))
                : new byte[0];
        byte[] rest =
                switch (dice.below(7)) {
                    case 0 -> BytesMutation.joined(request, body, wild(dice), wild(dice));
                    case 1 -> BytesMutation.joined(wild(dice), request, body);
                    case 2 -> BytesMutation.apply(BytesMutation.joined(request, body), dice);
                    case 3 -> BytesMutation.joined(frame(HEADERS, 0, 1, block), continuations(dice), body);
                    case 4 -> BytesMutation.joined(request, request, body, body);
                    case 5 -> BytesMutation.joined(request, frame(3, 0, 1, new byte[] {0, 0, 0, 8}), body);
                    default -> BytesMutation.joined(request, body);
                };
        byte[] preface = dice.oneIn(20) ? BytesMutation.apply(PREFACE, dice) : PREFACE;
        return BytesMutation.joined(preface, settings, rest);
    }

    private static byte[] wild(Dice dice) {
        int type = dice.below(dice.oneIn(3) ? 256 : 10);
        byte[] payload = dice.bytes(dice.of(java.util.List.of(0, 1, 4, 5, 6, 8, 9, 17, 200)));
        byte[] frame =
                frame(type, dice.below(256), dice.of(java.util.List.of(0, 1, 2, 3, 5, 7, 0x7fffffff, -1)), payload);
        if (dice.oneIn(5)) {
            frame[dice.below(3)] ^= (byte) (1 << dice.below(8));
        }
        return frame;
    }

    private static byte[] continuations(Dice dice) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = dice.below(300); i > 0; i--) {
            out.writeBytes(frame(CONTINUATION, 0, 1, dice.oneIn(3) ? new byte[0] : literal("x-" + i, "a")));
        }
        out.writeBytes(frame(CONTINUATION, END_HEADERS, 1, new byte[0]));
        return out.toByteArray();
    }

    private static byte[] block(Draft draft, Dice dice) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String[][] pseudo = {
            {":method", draft.method}, {":scheme", "http"}, {":path", draft.target}, {":authority", "a"}
        };
        int left = dice.oneIn(8) ? dice.below(4) : -1;
        for (int i = 0; i < pseudo.length; i++) {
            if (i != left) {
                out.writeBytes(literal(pseudo[i][0], pseudo[i][1]));
            }
        }
        for (Draft.Header header : draft.headers) {
            if (!header.name().equals("Host")) {
                String name = dice.oneIn(30) ? header.name() : header.name().toLowerCase(Locale.ROOT);
                out.writeBytes(literal(name, header.value()));
            }
        }
        if (dice.oneIn(4)) {
            out.writeBytes(literal(
                    dice.of(
                            "connection",
                            "transfer-encoding",
                            ":status",
                            ":path",
                            "te",
                            "x y",
                            "",
                            "x\0",
                            "content-length",
                            "X",
                            "x\r\ny"),
                    dice.of(
                            "close",
                            "chunked",
                            "200",
                            "/",
                            "a\r\nb: c",
                            "\0",
                            "-1",
                            "7",
                            "v".repeat(dice.below(20_000)))));
        }
        if (dice.oneIn(8)) {
            // Indexed fields that do not exist, table sizes that are not allowed, strings that end nowhere.
            out.writeBytes(dice.bytes(1 + dice.below(6)));
        }
        return out.toByteArray();
    }

    private static byte[] literal(String name, String value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x10);
        string(out, name);
        string(out, value);
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int length = bytes.length;
        if (length < 0x7f) {
            out.write(length);
        } else {
            out.write(0x7f);
            length -= 0x7f;
            while (length >= 0x80) {
                out.write(length & 0x7f | 0x80);
                length >>= 7;
            }
            out.write(length);
        }
        out.writeBytes(bytes);
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        int length = Math.min(payload.length, 0xffffff);
        byte[] head = {
            (byte) (length >> 16),
            (byte) (length >> 8),
            (byte) length,
            (byte) type,
            (byte) flags,
            (byte) (stream >> 24),
            (byte) (stream >> 16),
            (byte) (stream >> 8),
            (byte) stream
        };
        return BytesMutation.joined(head, payload);
    }
}
