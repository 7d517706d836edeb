package io.tailrace.contracts.job;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Checks of what a job or a queue may be; every fault names the field, its value and what was expected. */
final class JobLimits {
    private static final Pattern QUEUE = Pattern.compile("[a-z][a-z0-9_-]{0,31}");
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_.-]{0,63}");

    private JobLimits() {}

    static void range(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(field + ": " + value + ", expected " + least + " to " + most);
        }
    }

    static void text(String field, String value, int maxBytes) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw new IllegalArgumentException(field + ": expected text without lone surrogates");
        }
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > maxBytes) {
            throw new IllegalArgumentException(field + ": " + bytes + " bytes of UTF-8, expected 1 to " + maxBytes);
        }
    }

    static boolean isType(String type) {
        return TYPE.matcher(type).matches();
    }

    static void type(String type) {
        if (!isType(type)) {
            throw new IllegalArgumentException("type: expected " + TYPE.pattern());
        }
    }

    static boolean isQueue(String name) {
        return QUEUE.matcher(name).matches();
    }

    static void workers(String name) {
        if (!isQueue(name)) {
            throw new IllegalArgumentException("workers: expected " + QUEUE.pattern());
        }
    }

    static void queue(String name) {
        if (!isQueue(name)) {
            throw new IllegalArgumentException("queue: expected " + QUEUE.pattern());
        }
    }
}
