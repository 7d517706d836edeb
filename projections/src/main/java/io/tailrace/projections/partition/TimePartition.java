package io.tailrace.projections.partition;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A partition of a table.
 *
 * @param table the table that it is a part of
 * @param name its own name
 * @param from the lower bound as SQL, inclusive
 * @param to the upper bound as SQL, exclusive
 */
public record TimePartition(String table, String name, String from, String to) {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT).withZone(ZoneOffset.UTC);

    /**
     * The partition of a table by time alone.
     *
     * @param lengthMs how much time it covers, in milliseconds: whole days. It begins at a multiple of that since the epoch
     * @param atMs a time in it, in milliseconds since the epoch
     */
    public static TimePartition of(String table, long lengthMs, long atMs) {
        long startMs = startOf(lengthMs, atMs);
        return new TimePartition(table, table + "_" + day(startMs), time(startMs), time(startMs + lengthMs));
    }

    /**
     * The partition of a table by the length of windows and time.
     *
     * @param windowMs the length of the windows, in milliseconds, whole seconds
     * @param lengthMs as for {@link #of(String, long, long)}
     * @param atMs as for {@link #of(String, long, long)}
     */
    public static TimePartition ofWindows(String table, long windowMs, long lengthMs, long atMs) {
        long startMs = startOf(lengthMs, atMs);
        return new TimePartition(
                table,
                prefix(table, windowMs) + day(startMs),
                windowMs + ", " + time(startMs),
                windowMs + ", " + time(startMs + lengthMs));
    }

    /** What the names of all partitions of one length of windows begin with. */
    public static String prefix(String table, long windowMs) {
        return table + "_" + windowMs / 1_000 + "_";
    }

    /** The day that the name of a partition ends with: when it begins, in milliseconds since the epoch. */
    static long startMs(String name) {
        String day = name.substring(name.lastIndexOf('_') + 1);
        return DAY.parse(day, LocalDate::from)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .toEpochMilli();
    }

    private static long startOf(long lengthMs, long atMs) {
        return Math.floorDiv(atMs, lengthMs) * lengthMs;
    }

    private static String day(long startMs) {
        return DAY.format(Instant.ofEpochMilli(startMs));
    }

    private static String time(long ms) {
        return "'" + Instant.ofEpochMilli(ms) + "'";
    }
}
