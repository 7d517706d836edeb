package io.tailrace.projections.trim;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.time.MonotonicTime;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Deletes rows of PostgreSQL and keys of Redis that no request can reach any more: seats and reservations of shows that began some time
 * ago, refusals whose show does not exist, feed entries that are older than the retention of their channel, jobs that ended some time ago,
 * and partitions of series. Any number of instances may do this at the same time. Driven by one thread.
 */
public final class CopyTrim implements SupervisedLoop.Body {
    /** The API answers 404 before rows go, also where its clock is behind PostgreSQL's. */
    static final Duration MARGIN = Duration.ofHours(1);

    /** The last hour is told in minutes, the one that is not over among them. */
    static final Duration JOB_MINUTES = Duration.ofMinutes(75);

    /** Lines can come when their job is gone. */
    static final Duration LOG_LINES = Duration.ofDays(30);

    private static final int SHOWS_PER_TURN = 50;

    private final TrimTables tables;
    private final Predicate<UUID> maps;
    private final Bounds bounds;
    private final MeterRegistry meters;
    private final PastShowsPass pass;
    private final SeriesPartitions series;

    /**
     * What is kept, and how fast the rest goes.
     *
     * @param shows how long after its start the seats of a show are known
     * @param feed how long an entry of a feed is kept
     * @param jobs how long a job is known after it has ended
     * @param resolutions how long windows of series are kept
     * @param readings how long readings are kept
     * @param rows the most rows in one transaction
     * @param interval how long to wait when there is nothing left to delete
     * @param pass how often all past shows are looked at again
     */
    public record Bounds(
            Duration shows,
            Duration feed,
            Duration jobs,
            Resolutions resolutions,
            Duration readings,
            int rows,
            Duration interval,
            Duration pass) {}

    /**
     * A trim.
     *
     * @param maps forgets the seat map of a show that is not in PostgreSQL; whether there was one. Throws if it cannot
     * @param timeoutMs the longest silence of PostgreSQL, in milliseconds, before it counts as away
     */
    public CopyTrim(DataSource dataSource, int timeoutMs, Predicate<UUID> maps, Bounds bounds, MeterRegistry meters) {
        this.tables = new TrimTables(dataSource, timeoutMs);
        this.maps = maps;
        this.bounds = bounds;
        this.meters = meters;
        this.pass = new PastShowsPass(bounds.pass().toMillis());
        this.series = new SeriesPartitions(dataSource, timeoutMs, bounds.resolutions(), bounds.readings());
        for (SeatTable table : SeatTable.values()) {
            count(table.table(), 0);
        }
        count("feed_entries", 0);
        count("seat_maps", 0);
        count("jobs", 0);
        count("job_minutes", 0);
        count("job_logs", 0);
        count(SeriesPartitions.COPY, 0);
    }

    @Override
    public void run(SupervisedLoop loop) throws SQLException {
        while (!loop.isStopping()) {
            boolean more = turn(MonotonicTime.nowMs());
            loop.succeeded();
            if (!more) {
                loop.pause(bounds.interval().toMillis());
            }
        }
    }

    /**
     * One turn: a transaction for each kind of row.
     *
     * @return whether there may be more to delete
     */
    boolean turn(long nowMs) throws SQLException {
        int entries = count("feed_entries", tables.deleteFeedEntries(bounds.feed(), bounds.rows()));
        int refusals = count(
                SeatTable.RESERVATIONS.table(),
                tables.deleteOfNoShow(bounds.shows().plus(MARGIN), bounds.rows()));
        boolean shows = pastShows(nowMs);
        int jobs = count("jobs", tables.deleteJobs(bounds.jobs(), bounds.rows()));
        int minutes = count("job_minutes", tables.deleteJobMinutes(JOB_MINUTES, bounds.rows()));
        int logs = count("job_logs", tables.deleteLogs(LOG_LINES, bounds.rows()));
        count(SeriesPartitions.COPY, series.dropOlder());
        return Stream.of(entries, refusals, jobs, minutes, logs).anyMatch(rows -> rows == bounds.rows()) || shows;
    }

    private boolean pastShows(long nowMs) throws SQLException {
        List<PastShow> shows = tables.pastShows(bounds.shows().plus(MARGIN), pass.after(nowMs), SHOWS_PER_TURN);
        if (shows.isEmpty()) {
            return false;
        }
        for (SeatTable table : SeatTable.values()) {
            if (count(table.table(), tables.deleteOfShows(table, shows, bounds.rows())) == bounds.rows()) {
                return true;
            }
        }
        for (PastShow show : shows) {
            count("seat_maps", maps.test(show.id()) ? 1 : 0);
        }
        pass.done(shows);
        return shows.size() == SHOWS_PER_TURN;
    }

    private int count(String what, int rows) {
        Counter.builder("tailrace.copies.trimmed")
                .description(
                        "Rows, seat maps in Redis, and partitions of series, deleted because nobody can ask for them"
                                + " any more")
                .tag("copy", what)
                .register(meters)
                .increment(rows);
        return rows;
    }
}
