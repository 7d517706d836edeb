package io.tailrace.ingest.series;

import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.sql.Database;
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

/** The projection of readings, which {@code projections} writes; this service reads it. Thread-safe; blocks. */
@Singleton
class Readings {
    private static final String PROJECTION = "readings";

    private static final String SELECT =
            """
            select id, at, value from readings
            where metric_id = ? and at >= ? and at < ? and (at, id) > (?, ?)
            order by at, id limit ?
            """;

    private static final ReadingCursor FIRST = new ReadingCursor(Instant.EPOCH.minusSeconds(1), new UUID(0, 0));

    private final Database database;
    private final ProjectionWait projection;

    Readings(Database database, ProjectionWait projection) {
        this.database = database;
        this.projection = projection;
    }

    /**
     * Readings as they were read.
     *
     * @param fresh whether these are all that were in the log when they were asked for
     */
    record Found(ReadingPage page, boolean fresh) {}

    /**
     * A page of readings.
     *
     * @throws io.tailrace.kit.problem.ProblemException 503 if PostgreSQL is away
     */
    Found find(UUID metric, TimeRange range, @Nullable ReadingCursor after, int limit) {
        boolean fresh = projection.catchUp(PROJECTION, Topics.READINGS, FactKeys.partition(metric.toString()));
        ReadingCursor from = after == null ? FIRST : after;
        List<ReadingPage.Row> rows = database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setObject(1, metric);
                select.setObject(2, SeriesRows.time(range.from()));
                select.setObject(3, SeriesRows.time(range.to()));
                select.setObject(4, SeriesRows.time(from.at()));
                select.setObject(5, from.id());
                select.setInt(6, limit + 1);
                return read(select);
            }
        });
        boolean more = rows.size() > limit;
        List<ReadingPage.Row> shown = more ? rows.subList(0, limit) : rows;
        String next = more
                ? new ReadingCursor(shown.getLast().timestamp(), shown.getLast().id()).toString()
                : null;
        return new Found(new ReadingPage(shown, next), fresh);
    }

    private static List<ReadingPage.Row> read(PreparedStatement select) throws SQLException {
        List<ReadingPage.Row> rows = new ArrayList<>();
        try (ResultSet found = select.executeQuery()) {
            while (found.next()) {
                rows.add(new ReadingPage.Row(
                        found.getObject(1, UUID.class),
                        found.getObject(2, OffsetDateTime.class).toInstant(),
                        found.getDouble(3)));
            }
        }
        return rows;
    }
}
