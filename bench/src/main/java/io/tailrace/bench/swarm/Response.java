package io.tailrace.bench.swarm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * What one stream has received: the head of the answer, then frames, in chunks (RFC 9112 §7.1) or until the connection
 * ends. Bytes of an unfinished part are kept until the next read. Belongs to one thread.
 */
final class Response {
    private static final byte[] NOTHING = {};
    private static final int MAX_HEAD_BYTES = 65_536;

    private final int number;
    private final Frames frames;
    private byte[] rest = NOTHING;
    private boolean headRead;
    private boolean frameRead;
    private boolean frameEnded;
    private boolean chunked;
    private int chunkLeft;
    private byte[] chunkHead = NOTHING;

    Response(int number, Frames frames) {
        this.number = number;
        this.frames = frames;
    }

    /** Whether the first frame has come: before it a stream that starts live has no start yet, and may miss events. */
    boolean isOpen() {
        return frameRead;
    }

    /** Takes bytes as they were read; whether a frame has ended in them. */
    boolean take(byte[] bytes, int length, long nowNs) throws IOException {
        frameEnded = false;
        if (!headRead) {
            takeHead(bytes, length, nowNs);
        } else if (chunked) {
            takeChunks(bytes, 0, length, nowNs);
        } else {
            takeBody(bytes, 0, length, nowNs);
        }
        return frameEnded;
    }

    private void takeHead(byte[] bytes, int length, long nowNs) throws IOException {
        byte[] all = joined(rest, bytes, 0, length);
        int end = endOfHead(all);
        if (end < 0) {
            if (all.length > MAX_HEAD_BYTES) {
                throw new IOException("stream " + number + ": a head without end");
            }
            rest = all;
            return;
        }
        String head = new String(all, 0, end, StandardCharsets.ISO_8859_1);
        if (!head.startsWith("HTTP/1.1 200")) {
            throw new IOException("stream " + number + " was answered "
                    + head.lines().findFirst().orElse(""));
        }
        chunked = head.toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding: chunked");
        headRead = true;
        rest = NOTHING;
        if (chunked) {
            takeChunks(all, end, all.length, nowNs);
        } else {
            takeBody(all, end, all.length, nowNs);
        }
    }

    private void takeChunks(byte[] bytes, int from, int to, long nowNs) throws IOException {
        int at = from;
        while (at < to) {
            if (chunkLeft == 0) {
                int end = at;
                while (end < to && bytes[end] != '\n') {
                    end++;
                }
                if (end == to) {
                    chunkHead = joined(chunkHead, bytes, at, to);
                    return;
                }
                String size = new String(joined(chunkHead, bytes, at, end), StandardCharsets.US_ASCII).strip();
                chunkHead = NOTHING;
                at = end + 1;
                // The empty line is the end of the chunk before.
                chunkLeft = size.isEmpty() ? 0 : Integer.parseInt(size, 16);
            } else {
                int end = Math.min(to, at + chunkLeft);
                takeBody(bytes, at, end, nowNs);
                chunkLeft -= end - at;
                at = end;
            }
        }
    }

    private void takeBody(byte[] bytes, int from, int to, long nowNs) {
        if (rest.length > 0) {
            byte[] all = joined(rest, bytes, from, to);
            rest = NOTHING;
            scan(all, 0, all.length, nowNs);
        } else {
            scan(bytes, from, to, nowNs);
        }
    }

    private void scan(byte[] bytes, int from, int to, long nowNs) {
        int start = from;
        for (int i = from + 1; i < to; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\n') {
                if (i - 1 > start) {
                    frameRead = true;
                    frameEnded = true;
                    frames.frame(number, bytes, start, i - 1, nowNs);
                }
                start = i + 1;
                i++;
            }
        }
        if (start < to) {
            rest = Arrays.copyOfRange(bytes, start, to);
        }
    }

    private static int endOfHead(byte[] bytes) {
        for (int i = 3; i < bytes.length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private static byte[] joined(byte[] first, byte[] second, int from, int to) {
        byte[] all = Arrays.copyOf(first, first.length + to - from);
        System.arraycopy(second, from, all, first.length, to - from);
        return all;
    }
}
