package io.tailrace.ingest.testing;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

/** What {@code projections} writes to PostgreSQL about series, written by the test when the test wants it. */
public final class SeriesProjections {
    private static final String TOPIC = "tailrace.channels.series";
    private static final int PARTITIONS = 3;

    static {
        for (String table : new String[] {"series_points", "readings"}) {
            TestPostgres.shared()
                    .update("create table if not exists " + table + "_of_tests partition of " + table + " default");
        }
    }

    private SeriesProjections() {}

    /** Puts a window with one value into the table. */
    public static void point(UUID metric, int resolutionMs, Instant t, double value, long logOffset) {
        TestPostgres.shared()
                .update(
                        "insert into series_points values (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        metric,
                        resolutionMs,
                        at(t),
                        value,
                        value,
                        value,
                        value,
                        value,
                        value,
                        at(t.plusMillis(5)),
                        value,
                        value,
                        value,
                        logOffset);
    }

    /** Puts windows with one value each, their numbers from 1 on, into the table. */
    public static void points(UUID metric, int resolutionMs, Instant from, int count) {
        TestPostgres.shared()
                .update(
                        "insert into series_points select ?, ?, ? + make_interval(secs => (n - 1) * ? / 1000.0), 1,"
                                + " n, n, n, n, n, n, ?, n, n, n, n from generate_series(1, ?) as n",
                        metric,
                        resolutionMs,
                        at(from),
                        resolutionMs,
                        at(from),
                        count);
    }

    /** Says how far the copy of a metric's windows has read. */
    public static void moveTo(UUID metric, String resolution, long nextOffset) {
        int partition = new Channel("series:" + metric + ":" + resolution).partition(PARTITIONS);
        Projections.moveTo("series_points", TOPIC, partition, nextOffset);
    }

    /** Puts a reading into the table. */
    public static UUID reading(UUID metric, Instant at, double value) {
        UUID id = UUID.randomUUID();
        TestPostgres.shared().update("insert into readings values (?, ?, ?, ?)", metric, at(at), id, value);
        return id;
    }

    /** Says that the copy of a metric's readings has all that is in the log, and that will be. */
    public static void readingsCatchUp(UUID metric) {
        Projections.moveTo("readings", Topics.READINGS, FactKeys.partition(metric.toString()), Long.MAX_VALUE);
    }

    private static OffsetDateTime at(Instant time) {
        return OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
    }
}
