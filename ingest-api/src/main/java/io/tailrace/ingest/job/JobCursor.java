package io.tailrace.ingest.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a page of jobs ends. Pure.
 *
 * @param micros when its last job was enqueued, in microseconds since the epoch
 * @param id its last job
 */
public record JobCursor(long micros, UUID id) {
    /** Before every job: the year 9999. */
    public static final JobCursor NEWEST = new JobCursor(253_402_300_800_000_000L, new UUID(-1, -1));

    private static final Pattern FORM =
            Pattern.compile("([0-9]{1,17})\\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})");

    /** The place of a job. */
    public static JobCursor of(Instant enqueuedAt, UUID id) {
        return new JobCursor(ChronoUnit.MICROS.between(Instant.EPOCH, enqueuedAt), id);
    }

    /** Reads a text, which may be anything that a client sent. */
    public static Optional<JobCursor> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new JobCursor(Long.parseLong(matcher.group(1)), UUID.fromString(matcher.group(2))))
                : Optional.empty();
    }

    /** The text, which is opaque to clients. */
    public String text() {
        return micros + "." + id;
    }
}
