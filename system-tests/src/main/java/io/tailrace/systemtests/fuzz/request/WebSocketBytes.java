package io.tailrace.systemtests.fuzz.request;

import java.util.ArrayList;
import java.util.List;

/** Asks for a WebSocket (RFC 6455), and says what a client may not say. Pure. */
final class WebSocketBytes {
    private WebSocketBytes() {}

    /** The handshake and frames, the last of which is a Close. */
    static byte[] of(Draft draft, Dice dice) {
        draft.set("Connection", "Upgrade");
        draft.set("Upgrade", "websocket");
        draft.set("Sec-WebSocket-Version", "13");
        draft.set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        if (dice.oneIn(3)) {
            handshake(draft, dice);
        }
        List<byte[]> parts = new ArrayList<>(List.of(draft.bytes()));
        for (int i = dice.below(6); i > 0; i--) {
            parts.add(frame(dice));
        }
        parts.add(frame(0x88, true, 2, new byte[] {3, (byte) 0xe8}, dice));
        byte[] all = BytesMutation.joined(parts.toArray(byte[][]::new));
        if (dice.oneIn(6)) {
            int head = parts.getFirst().length;
            byte[] tail = BytesMutation.apply(java.util.Arrays.copyOfRange(all, head, all.length), dice);
            return BytesMutation.joined(parts.getFirst(), tail);
        }
        return all;
    }

    private static void handshake(Draft draft, Dice dice) {
        switch (dice.below(8)) {
            case 0 -> draft.set("Sec-WebSocket-Version", dice.of("12", "0", "", "13, 8", "-1", "x"));
            case 1 ->
                draft.set(
                        "Sec-WebSocket-Key",
                        dice.of("", "a", "AAAA", "=", "A".repeat(3_000), "dGhlIHNhbXBsZSBub25jZQ==, x"));
            case 2 ->
                draft.set("Sec-WebSocket-Protocol", dice.of("tailrace.v1.json", "a,b,c", ",", "\"", "x".repeat(3_000)));
            case 3 ->
                draft.set(
                        "Sec-WebSocket-Extensions", dice.of("permessage-deflate; client_max_window_bits", ";;;", "x"));
            case 4 ->
                draft.set("Origin", dice.of("http://evil.example", "null", "file://", "x", "http://127.0.0.1", ""));
            case 5 -> draft.set("Connection", dice.of("keep-alive", "Upgrade, close", "", "upgrade, Upgrade"));
            case 6 -> draft.set("Upgrade", dice.of("WebSocket", "h2c", "websocket, h2c", "x", ""));
            default -> {
                draft.method = dice.of("POST", "HEAD", "get");
                draft.answerOwed = false;
            }
        }
        draft.answerOwed = false;
    }

    private static byte[] frame(Dice dice) {
        int first = dice.oneIn(3) ? dice.below(256) : dice.of(List.of(0x89, 0x8a, 0x81, 0x82, 0x01, 0x80, 0x88, 0xc1));
        byte[] payload = dice.bytes(dice.of(List.of(0, 1, 2, 5, 125, 126, 127, 4_096, 4_097, 70_000)));
        return frame(first, !dice.oneIn(10), payload.length, payload, dice);
    }

    private static byte[] frame(int first, boolean masked, long length, byte[] payload, Dice dice) {
        long said = dice.oneIn(25) ? dice.of(List.of(Long.MAX_VALUE, -1L, 65_536L, 1L << 32)) : length;
        byte[] head;
        int mask = masked ? 0x80 : 0;
        if (said >= 0 && said < 126) {
            head = new byte[] {(byte) first, (byte) (mask | said)};
        } else if (said >= 0 && said < 65_536) {
            head = new byte[] {(byte) first, (byte) (mask | 126), (byte) (said >> 8), (byte) said};
        } else {
            head = new byte[10];
            head[0] = (byte) first;
            head[1] = (byte) (mask | 127);
            for (int i = 0; i < 8; i++) {
                head[2 + i] = (byte) (said >> 8 * (7 - i));
            }
        }
        // A mask of zeros changes nothing.
        return BytesMutation.joined(head, masked ? new byte[4] : new byte[0], payload);
    }
}
