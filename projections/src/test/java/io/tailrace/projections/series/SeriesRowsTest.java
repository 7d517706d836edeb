package io.tailrace.projections.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.contracts.series.SeriesPoint;
import io.tailrace.projections.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class SeriesRowsTest {
    private static final Resolutions RESOLUTIONS = Resolutions.parse(Resolutions.STANDARD);
    private static final UUID METRIC = new UUID(1, 1);
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private final TestPostgres.Database database = TestPostgres.shared().database();
    private final PointRows points = new PointRows(RESOLUTIONS);
    private final ReadingRows readings = new ReadingRows(Duration.ofDays(7), Duration.ofHours(2));

    @Test
    void a_later_state_of_a_window_replaces_an_earlier_one_and_an_earlier_one_changes_nothing() throws SQLException {
        writePoints(List.of(point("1s", NOW, 1, 10), point("1s", NOW, 2, 11)));
        writePoints(List.of(point("1s", NOW, 1, 10)));

        assertThat(database.rows("select count, sum, log_offset from series_points"))
                .containsExactly("2|4|11");
    }

    @Test
    void each_resolution_has_partitions_of_its_own() throws SQLException {
        List<PointChange> changes = new ArrayList<>();
        RESOLUTIONS.all().forEach(each -> changes.add(point(each.label(), each.startOf(NOW), 1, changes.size())));
        changes.add(point("1s", NOW.minus(Duration.ofDays(1)), 1, 9));

        writePoints(changes);
        writePoints(changes);

        assertThat(database.number("select count(*) from series_points")).isEqualTo(5);
        assertThat(database.rows(
                        "select substring(inhrelid::regclass::text from '_([0-9]+)_'), count(*) from pg_inherits"
                                + " where inhparent = 'series_points'::regclass group by 1 order by 1"))
                .containsExactly("1|2", "10|1", "3600|1", "60|1");
    }

    @Test
    void windows_that_are_no_longer_kept_make_no_partition() throws SQLException {
        writePoints(List.of(
                point("1s", NOW.minus(Duration.ofDays(3)), 1, 1),
                point("1h", RESOLUTIONS.coarsest().startOf(NOW.minus(Duration.ofDays(3))), 1, 2)));

        assertThat(database.rows("select resolution_ms from series_points")).containsExactly("3600000");
    }

    @Test
    void a_reading_is_kept_once_and_those_of_1970_and_2500_are_not() throws SQLException {
        UUID id = new UUID(2, 2);
        MetricReadingCreated reading = new MetricReadingCreated(id, METRIC, 1.5, NOW);
        try (Connection connection = database.dataSource().getConnection()) {
            readings.write(
                    connection,
                    List.of(
                            reading,
                            reading,
                            new MetricReadingCreated(new UUID(2, 3), METRIC, 1, Instant.EPOCH),
                            new MetricReadingCreated(
                                    new UUID(2, 4), METRIC, 1, Instant.parse("2500-01-01T00:00:00Z"))));
            readings.write(connection, List.of(reading));
        }

        assertThat(database.rows("select id, value from readings")).containsExactly(id + "|1.5");
        assertThat(database.number("select count(*) from pg_inherits where inhparent = 'readings'::regclass"))
                .isEqualTo(1);
    }

    private void writePoints(List<PointChange> changes) throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            points.write(connection, changes);
        }
    }

    private static PointChange point(String resolution, Instant t, long count, long offset) {
        SeriesPoint point = new SeriesPoint(METRIC, resolution, t, count, 2.0 * count, 2, 2, 2, 2, 2, t, 2, 2, 2);
        return new PointChange(point, RESOLUTIONS.of(resolution).orElseThrow().lengthMs(), offset);
    }
}
