package io.tailrace.systemtests.fuzz.request;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Sends a body as something else: a form, parts of many kinds, compressed, nothing, too much. */
final class BodyMutation implements Mutation {
    @Override
    public void apply(Draft draft, Dice dice) {
        if (draft.method.equals("GET")) {
            draft.method = dice.of("POST", "GET", "PUT");
        }
        switch (dice.below(9)) {
            case 0, 1, 2 -> multipart(draft, dice);
            case 3 -> {
                draft.set("Content-Type", "application/x-www-form-urlencoded");
                draft.body = ("a=1&" + dice.latin(40) + "&%zz=%&text=" + "x".repeat(dice.below(5_000)))
                        .getBytes(StandardCharsets.ISO_8859_1);
            }
            case 4 ->
                draft.set(
                        "Content-Type",
                        dice.of(
                                "text/plain",
                                "application/xml",
                                "application/json;charset=utf-16",
                                "application/json; charset=\"",
                                "/",
                                "",
                                "application/*",
                                "*/*",
                                "application/x-ndjson",
                                "application/json-patch+json",
                                "application/octet-stream",
                                "application/json;" + "a=b;".repeat(300),
                                "APPLICATION/JSON",
                                "application/json, text/plain",
                                "\u00ff/\u00ff"));
            case 5 -> {
                draft.set("Content-Encoding", dice.of("gzip", "deflate", "br", "zstd", "gzip, gzip", "identity", "x"));
                draft.body = dice.oneIn(2) ? gzip(dice) : draft.body;
            }
            case 6 -> draft.body = new byte[0];
            case 7 -> {
                draft.body = dice.oneIn(10) ? filled(10_485_700 + dice.below(200)) : dice.bytes(dice.below(4_000));
                // A server may stop reading what is too long, and its answer is lost with what was not read.
                draft.answerOwed = draft.body.length < 10_000;
            }
            default -> {
                draft.remove("Content-Type");
                draft.remove("Accept");
                draft.add(
                        "Accept",
                        dice.of(
                                "text/html",
                                "application/xml;q=0.1",
                                "*/*;q=0",
                                "q",
                                "a/b/c",
                                ",,,",
                                "application/json;q=x"));
            }
        }
    }

    private static void multipart(Draft draft, Dice dice) {
        String boundary = dice.of("x", "----b", "\"q q\"", "", "b".repeat(300), "a\0b");
        draft.set(
                "Content-Type",
                dice.of("multipart/form-data", "multipart/mixed", "Multipart/Form-Data", "multipart/")
                        + dice.of("; boundary=" + boundary, "; boundary", ";", ""));
        StringBuilder body = new StringBuilder();
        for (int part = dice.below(dice.oneIn(10) ? 300 : 5); part >= 0; part--) {
            body.append("--")
                    .append(boundary)
                    .append(dice.of("\r\n", "\n", "--\r\n"))
                    .append(dice.of(
                            "Content-Disposition: form-data; name=\"text\"",
                            "Content-Disposition: form-data; name=\"f\"; filename=\"../../a\"",
                            "Content-Disposition: attachment",
                            "Content-Disposition: form-data; filename*=utf-8''%ff%00",
                            "X",
                            "Content-Transfer-Encoding: base64"))
                    .append(dice.of(
                            "\r\n\r\n",
                            "\n\n",
                            "\r\nContent-Type: application/json\r\n\r\n",
                            "\r\nContent-Length: -1\r\n\r\n",
                            ""))
                    .append(dice.latin(dice.below(60)))
                    .append(dice.of("\r\n", "\n", ""));
        }
        body.append(dice.of("--" + boundary + "--\r\n", "--" + boundary, ""));
        draft.body = body.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] filled(int bytes) {
        byte[] body = new byte[bytes];
        Arrays.fill(body, (byte) '1');
        return body;
    }

    private static byte[] gzip(Dice dice) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(("{\"text\":\"" + "a".repeat(dice.below(2_000_000)) + "\"}").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] bytes = out.toByteArray();
        return dice.oneIn(2) ? bytes : Arrays.copyOf(bytes, dice.below(bytes.length));
    }
}
