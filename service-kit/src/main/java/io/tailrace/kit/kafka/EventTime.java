package io.tailrace.kit.kafka;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/**
 * Reads the time of an event (RFC 3339). The form that Tailrace writes, {@code 2026-03-01T12:00:00.123Z} with 0 to 9 digits
 * after the point, is read by hand: every record of the log comes by here, and the general parser costs more than all the
 * rest of an event. Pure.
 */
final class EventTime {
    private static final int DATE_LENGTH = 10;
    private static final int SECONDS_LENGTH = 19;
    private static final int MAX_LENGTH = SECONDS_LENGTH + 11;
    private static final int SECONDS_PER_DAY = 86_400;
    private static final int NANO_DIGITS = 9;

    private EventTime() {}

    /**
     * The instant of a text.
     *
     * @throws DateTimeException if it is no RFC 3339 time
     */
    static Instant parse(String text) {
        int length = text.length();
        if (length <= SECONDS_LENGTH || length > MAX_LENGTH || text.charAt(length - 1) != 'Z' || !hasMarks(text)) {
            return OffsetDateTime.parse(text).toInstant();
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, DATE_LENGTH);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, SECONDS_LENGTH);
        int nanos = fraction(text, length - 1);
        if ((year | month | day | hour | minute | second | nanos) < 0 || hour > 23 || minute > 59 || second > 59) {
            return OffsetDateTime.parse(text).toInstant();
        }
        long seconds =
                LocalDate.of(year, month, day).toEpochDay() * SECONDS_PER_DAY + hour * 3600L + minute * 60L + second;
        return Instant.ofEpochSecond(seconds, nanos);
    }

    private static boolean hasMarks(String text) {
        return text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(DATE_LENGTH) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':';
    }

    /** The nanoseconds of what stands from the point to {@code end}; 0 if there is none, -1 if it is something else. */
    private static int fraction(String text, int end) {
        if (end == SECONDS_LENGTH) {
            return 0;
        }
        int digits = end - SECONDS_LENGTH - 1;
        if (text.charAt(SECONDS_LENGTH) != '.' || digits < 1) {
            return -1;
        }
        int nanos = number(text, SECONDS_LENGTH + 1, end);
        for (int i = digits; nanos > 0 && i < NANO_DIGITS; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    /** The digits from one index to another as a number, or -1. At most nine. */
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }
}
