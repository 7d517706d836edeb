package io.tailrace.bench.edge.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The JSON value of a message: which channel it is of, its number in that channel, and when it was sent. Everything has a
 * fixed place, counted from the end of the frame, so that a client reads it without parsing. Stateless.
 */
public final class Message {
    /** Digits of a channel's number. */
    private static final int CHANNEL_DIGITS = 5;

    private static final int NUMBER_DIGITS = 10;
    private static final int TIME_DIGITS = 19;

    /** The quote and the two braces behind the time: of the value, and of the envelope around it. */
    private static final int AFTER_TIME = 3;

    /** What lies between two numbers: the end of a string, a comma, and the next one's name. */
    private static final int BETWEEN = 7;

    private static final int TIME_AT = AFTER_TIME + TIME_DIGITS;
    private static final int NUMBER_AT = TIME_AT + BETWEEN + NUMBER_DIGITS;
    private static final int CHANNEL_AT = NUMBER_AT + BETWEEN + CHANNEL_DIGITS;

    private static final byte[] FILLER_NAME = "{\"f\":\"".getBytes(StandardCharsets.US_ASCII);

    private Message() {}

    /** The value; {@code filler} characters make it as long as a usual event. */
    public static byte[] value(int channel, long number, long sentNs, int filler) {
        int names = 3 * BETWEEN + FILLER_NAME.length;
        byte[] value = new byte[names + filler + CHANNEL_DIGITS + NUMBER_DIGITS + TIME_DIGITS + AFTER_TIME - 1];
        System.arraycopy(FILLER_NAME, 0, value, 0, FILLER_NAME.length);
        Arrays.fill(value, FILLER_NAME.length, FILLER_NAME.length + filler, (byte) 'x');
        // Places count from the envelope's brace, which is not there yet.
        int end = value.length + 1;
        field(value, end - CHANNEL_AT, CHANNEL_DIGITS, 'c', channel);
        field(value, end - NUMBER_AT, NUMBER_DIGITS, 'n', number);
        field(value, end - TIME_AT, TIME_DIGITS, 't', sentNs);
        value[value.length - 2] = '"';
        value[value.length - 1] = '}';
        return value;
    }

    /** Whether a frame carries a message; all others are the server's own. */
    public static boolean isIn(byte[] bytes, int from, int to) {
        int time = to - TIME_AT;
        return time - CHANNEL_AT > from
                && bytes[to - 1] == '}'
                && bytes[to - 2] == '}'
                && bytes[time - 1] == '"'
                && bytes[time - 2] == ':'
                && bytes[time - 4] == 't';
    }

    /** The channel's number. */
    public static int channel(byte[] bytes, int to) {
        return (int) read(bytes, to - CHANNEL_AT, CHANNEL_DIGITS);
    }

    /** The message's number in its channel. */
    public static long number(byte[] bytes, int to) {
        return read(bytes, to - NUMBER_AT, NUMBER_DIGITS);
    }

    /** When it was sent, as {@link System#nanoTime()}. */
    public static long sentNs(byte[] bytes, int to) {
        return read(bytes, to - TIME_AT, TIME_DIGITS);
    }

    private static long read(byte[] bytes, int from, int digits) {
        long value = 0;
        for (int i = from; i < from + digits; i++) {
            value = value * 10 + bytes[i] - '0';
        }
        return value;
    }

    /** The end of the string before, the name, and the number in quotes but for the last one. */
    private static void field(byte[] bytes, int at, int digits, char name, long number) {
        byte[] before = {'"', ',', '"', (byte) name, '"', ':', '"'};
        System.arraycopy(before, 0, bytes, at - before.length, before.length);
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
