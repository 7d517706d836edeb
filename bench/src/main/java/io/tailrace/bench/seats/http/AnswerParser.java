package io.tailrace.bench.seats.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Puts an answer together from what is read (RFC 9112): with a length, in chunks, or without a body. One connection's. */
final class AnswerParser {
    private byte[] bytes = new byte[4096];
    private int size;
    private int status;
    private byte[] body = new byte[0];

    /** Takes bytes; whether the answer is complete. There is never more than one under way. */
    boolean take(byte[] read, int count) throws IOException {
        if (size + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + count));
        }
        System.arraycopy(read, 0, bytes, size, count);
        size += count;
        int headEnd = endOfHead();
        if (headEnd < 0) {
            return false;
        }
        String head = new String(bytes, 0, headEnd, StandardCharsets.ISO_8859_1);
        if (!head.startsWith("HTTP/1.1 ")) {
            throw new IOException("not an answer");
        }
        status = Integer.parseInt(head, 9, 12, 10);
        String lower = head.toLowerCase(Locale.ROOT);
        if (lower.contains("\r\ntransfer-encoding: chunked")) {
            return unchunk(headEnd);
        }
        int length = length(lower);
        if (size < headEnd + length) {
            return false;
        }
        body = Arrays.copyOfRange(bytes, headEnd, headEnd + length);
        return true;
    }

    /** The answer that is complete; the next one begins. */
    HttpAnswer answer(long sentNs, long arrivedNs) {
        size = 0;
        return new HttpAnswer(status, body, sentNs, arrivedNs);
    }

    private static int length(String head) {
        int at = head.indexOf("\r\ncontent-length:");
        if (at < 0) {
            return 0;
        }
        int end = head.indexOf("\r\n", at + 2);
        return Integer.parseInt(head.substring(at + 17, end).strip());
    }

    private boolean unchunk(int from) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        int at = from;
        while (true) {
            int end = at;
            while (end < size && bytes[end] != '\n') {
                end++;
            }
            if (end >= size) {
                return false;
            }
            int chunk = Integer.parseInt(new String(bytes, at, end - at, StandardCharsets.US_ASCII).strip(), 16);
            if (end + 1 + chunk + 2 > size) {
                return false;
            }
            if (chunk == 0) {
                body = whole.toByteArray();
                return true;
            }
            whole.write(bytes, end + 1, chunk);
            at = end + 1 + chunk + 2;
        }
    }

    private int endOfHead() {
        for (int i = 3; i < size; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }
}
