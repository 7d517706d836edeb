package io.tailrace.ingest.series;

import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Behind which reading a page begins: {@code <microseconds since the epoch>_<id>} as text.
 *
 * @param at the reading's time
 * @param id the reading's id
 */
record ReadingCursor(Instant at, UUID id) {
    private static final Pattern FORM =
            Pattern.compile("([0-9]{1,17})_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})");

    /** Reads a cursor; null if it is none, which is told. */
    static @Nullable ReadingCursor parse(String text, Faults faults) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            try {
                return new ReadingCursor(
                        Instant.EPOCH.plus(Long.parseLong(matcher.group(1)), ChronoUnit.MICROS),
                        UUID.fromString(matcher.group(2)));
            } catch (DateTimeException | ArithmeticException e) {
                faults.add("after", Texts.shown(text) + ", expected the value of next");
                return null;
            }
        }
        faults.add("after", Texts.shown(text) + ", expected the value of next");
        return null;
    }

    @Override
    public String toString() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at) + "_" + id;
    }
}
