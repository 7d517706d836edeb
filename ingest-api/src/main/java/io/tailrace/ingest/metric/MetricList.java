package io.tailrace.ingest.metric;

import io.tailrace.contracts.series.Resolution;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.metric.MetricPage.Last;
import io.tailrace.ingest.metric.MetricPage.Listed;
import io.tailrace.ingest.metric.MetricPage.Range;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.series.SeriesSettings;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lists of metrics with their latest values, from the projections of metrics and of windows. Thread-safe; blocks. */
@Singleton
class MetricList {
    private static final String PROJECTION = "metrics";

    /** The latest value is that of whichever resolution was told last; the finest is not kept for long. */
    private static final String SELECT =
            """
            select m.id, m.name, m.unit, newest.last, newest.last_at, oldest.t from (
                select id, name, unit from metrics
                where id > ? and (?::text is null or position(lower(?::text) in lower(name)) > 0)
                order by id limit ?) m
            left join lateral (
                select p.last, p.last_at from unnest(?::int[]) as r (resolution_ms)
                cross join lateral (
                    select last, last_at from series_points
                    where metric_id = m.id and resolution_ms = r.resolution_ms order by t desc limit 1) p
                order by p.last_at desc limit 1) newest on true
            left join lateral (
                select t from series_points where metric_id = m.id and resolution_ms = ? order by t limit 1) oldest on true
            order by m.id
            """;

    private static final UUID FIRST = new UUID(0, 0);

    private final Database database;
    private final ProjectionWait projection;
    private final SeriesSettings series;

    MetricList(Database database, ProjectionWait projection, SeriesSettings series) {
        this.database = database;
        this.projection = projection;
        this.series = series;
    }

    /**
     * Metrics as they were read.
     *
     * @param fresh whether these are all that were in the log when they were asked for
     */
    record Found(MetricPage page, boolean fresh) {}

    /**
     * A page of the metrics.
     *
     * @param after the last metric of the page before, or null for the first page
     * @param part what their names contain, in whatever case, or null
     * @throws io.tailrace.kit.problem.ProblemException 503 if PostgreSQL is away
     */
    Found find(@Nullable UUID after, @Nullable String part, int limit) {
        boolean fresh = projection.catchUpAll(PROJECTION, Topics.METRICS, Topics.FACT_PARTITIONS);
        List<Resolution> resolutions = series.all().all();
        Integer[] lengths = resolutions.stream()
                .map(each -> Math.toIntExact(each.lengthMs()))
                .toArray(Integer[]::new);
        List<Listed> found = database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setObject(1, after == null ? FIRST : after);
                select.setString(2, part);
                select.setString(3, part);
                select.setInt(4, limit + 1);
                select.setArray(5, connection.createArrayOf("int4", lengths));
                select.setInt(6, lengths[lengths.length - 1]);
                return read(select);
            }
        });
        boolean more = found.size() > limit;
        List<Listed> shown = more ? found.subList(0, limit) : found;
        return new Found(new MetricPage(shown, more ? shown.getLast().id() : null), fresh);
    }

    private static List<Listed> read(PreparedStatement select) throws SQLException {
        List<Listed> metrics = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                double value = rows.getDouble(4);
                Instant lastAt = instant(rows, 5);
                Instant from = instant(rows, 6);
                metrics.add(new Listed(
                        rows.getObject(1, UUID.class),
                        rows.getString(2),
                        rows.getString(3),
                        lastAt == null ? null : new Last(value, lastAt),
                        lastAt == null || from == null ? null : new Range(from, lastAt)));
            }
        }
        return metrics;
    }

    private static @Nullable Instant instant(ResultSet rows, int column) throws SQLException {
        @Nullable OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
