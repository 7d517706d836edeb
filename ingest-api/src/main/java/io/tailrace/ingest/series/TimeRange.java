package io.tailrace.ingest.series;

import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * A span of time that somebody asks for.
 *
 * @param from inclusive
 * @param to exclusive, after {@code from}
 */
record TimeRange(Instant from, Instant to) {
    /** A range that names no beginning is so long. */
    static final Duration USUAL = Duration.ofHours(1);

    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2999-12-31T00:00:00Z");

    /**
     * Reads the parameters {@code from} and {@code to}: by default the last hour.
     *
     * @return null if there are faults, which are told
     */
    static @Nullable TimeRange read(@Nullable String from, @Nullable String to, Instant now, Faults faults) {
        Instant end = to == null ? now : time("to", to, faults);
        Instant begin = from == null ? (end == null ? null : end.minus(USUAL)) : time("from", from, faults);
        if (begin == null || end == null) {
            return null;
        }
        if (!begin.isBefore(end)) {
            faults.add("to", end + ", expected a time after from, " + begin);
            return null;
        }
        return new TimeRange(begin, end);
    }

    private static @Nullable Instant time(String field, String text, Faults faults) {
        Instant time;
        try {
            time = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            time = null;
        }
        if (time == null || time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            faults.add(
                    field,
                    Texts.shown(text) + ", expected a time of RFC 3339 from 1970 to 2999 such as 2026-01-02T03:04:05Z");
            return null;
        }
        return time;
    }
}
