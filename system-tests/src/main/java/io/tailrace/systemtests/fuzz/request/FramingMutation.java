package io.tailrace.systemtests.fuzz.request;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Says in wrong ways, or in two, where the body of a request ends. */
final class FramingMutation implements Mutation {
    @Override
    public void apply(Draft draft, Dice dice) {
        draft.answerOwed = false;
        switch (dice.below(3)) {
            case 0 -> length(draft, dice);
            case 1 -> chunked(draft, dice);
            default -> smuggled(draft, dice);
        }
    }

    private static void length(Draft draft, Dice dice) {
        draft.framed = false;
        int right = draft.body.length;
        draft.add(
                "Content-Length",
                dice.of(
                        "-1",
                        "+" + right,
                        right + "," + right,
                        right + "," + (right + 1),
                        "0x10",
                        "99999999999999999999",
                        "10485761",
                        "2147483648",
                        "",
                        " ",
                        right + " 0",
                        right + "\0",
                        "1e3",
                        String.valueOf(right + 1 + dice.below(50)),
                        String.valueOf(dice.below(right + 1)),
                        "00000000000" + right,
                        "\u0661"));
        if (dice.oneIn(4)) {
            draft.add("content-length", String.valueOf(dice.below(right + 10)));
        }
    }

    private static void chunked(Draft draft, Dice dice) {
        draft.framed = false;
        draft.add(
                dice.oneIn(5) ? "Transfer-Encoding " : "Transfer-Encoding",
                dice.oneIn(2)
                        ? "chunked"
                        : dice.of(
                                "chunked, chunked",
                                "gzip, chunked",
                                "identity",
                                "xchunked",
                                "chunked, gzip",
                                "CHUNKED",
                                "\"chunked\"",
                                "chunked\0",
                                ""));
        draft.body = chunks(draft.body, dice);
        if (dice.oneIn(5)) {
            draft.version = "HTTP/1.0";
        }
    }

    private static byte[] chunks(byte[] body, Dice dice) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < body.length) {
            int size = Math.min(body.length - at, 1 + dice.below(dice.oneIn(3) ? 3 : 500));
            text(
                    out,
                    dice.oneIn(12)
                            ? dice.of(
                                    "g",
                                    "-1",
                                    "",
                                    "ffffffffffffffff",
                                    "0x5",
                                    "7fffffff",
                                    " 5",
                                    "5 5",
                                    "00000000000000000005")
                            : Integer.toHexString(size));
            text(
                    out,
                    dice.oneIn(8)
                            ? dice.of(";a=b", ";", ";a=\"\r\n\"", ";" + "e".repeat(dice.below(9_000)), "\0")
                            : "");
            text(out, dice.oneIn(20) ? dice.of("\n", "\r", "") : "\r\n");
            out.write(body, at, size);
            text(out, dice.oneIn(20) ? dice.of("\n", "", "XX", "\r\r\n") : "\r\n");
            at += size;
        }
        text(out, dice.oneIn(6) ? dice.of("", "0", "00000", "0;x") : "0");
        text(out, "\r\n");
        text(
                out,
                dice.oneIn(4)
                        ? dice.of(
                                "X: y\r\n",
                                "Content-Length: 5\r\n",
                                "X\r\n",
                                "X: " + "t".repeat(20_000) + "\r\n",
                                "\0: a\r\n",
                                " a\r\n")
                        : "");
        text(out, dice.oneIn(8) ? dice.of("", "\n", "\r") : "\r\n");
        return out.toByteArray();
    }

    /** A second request that a proxy in front would have taken for a body, or the other way round. */
    private static void smuggled(Draft draft, Dice dice) {
        draft.framed = false;
        String inner = "POST /posts HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nx=1";
        boolean lengthFirst = dice.oneIn(2);
        String te = dice.of(
                "chunked",
                " chunked",
                "chunked ",
                "\tchunked",
                "xchunked",
                "chunked\r\nTransfer-Encoding: identity",
                "chunked, identity");
        String length = String.valueOf(dice.of(java.util.List.of(4, inner.length() + 5, inner.length(), 0, 3)));
        if (lengthFirst) {
            draft.add("Content-Length", length);
        }
        draft.add(
                dice.of(
                        "Transfer-Encoding",
                        "transfer-encoding",
                        "Transfer_Encoding",
                        "Transfer-Encoding ",
                        "X: y\nTransfer-Encoding"),
                te);
        if (!lengthFirst) {
            draft.add("Content-Length", length);
        }
        draft.method = dice.of("POST", "GET", draft.method);
        draft.body = (dice.of("0\r\n\r\n", "1\r\nx\r\n0\r\n\r\n", "") + inner).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
