package io.tailrace.projections.trim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.projections.partition.Partitions;
import io.tailrace.projections.partition.TimePartition;
import io.tailrace.projections.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What nobody can ask for leaves the copies, a bounded number of rows at a time, and nothing else does. */
@Tag("server")
class CopyTrimTest {
    private static final int ROWS = 10;
    private static final Duration PASS = Duration.ofHours(6);
    private static final UUID PAST = new UUID(1, 1);
    private static final UUID LATER = new UUID(1, 2);

    private final TestPostgres.Database database = TestPostgres.shared().database();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<UUID> maps = new ArrayList<>();
    private final CopyTrim trim = trim();

    @Test
    void rows_of_a_show_go_seven_days_and_an_hour_after_its_start_and_those_of_later_shows_stay() throws SQLException {
        show(PAST, "169 hours 1 minute");
        show(LATER, "168 hours 59 minutes");
        reservations(PAST, 4);
        reservations(LATER, 3);

        assertThat(trim.turn(0)).isFalse();

        assertThat(left("reservations")).containsExactly(LATER + "|3");
        assertThat(left("hold_requests")).containsExactly(LATER + "|3");
        assertThat(left("confirmed_seats")).containsExactly(LATER + "|3");
        assertThat(left("taken_seats")).containsExactly(LATER + "|3");
        assertThat(maps).containsExactly(PAST);
        assertThat(database.number("select count(*) from shows")).isEqualTo(2);
        assertThat(trimmed("reservations")).isEqualTo(4);
        assertThat(trimmed("seat_maps")).isEqualTo(1);
    }

    @Test
    void a_turn_deletes_no_more_than_it_may_and_what_was_asked_for_before_what_was_decided() throws SQLException {
        show(PAST, "8 days");
        reservations(PAST, 25);

        assertThat(trim.turn(0)).isTrue();
        assertThat(trim.turn(0)).isTrue();
        assertThat(left("hold_requests")).containsExactly(PAST + "|5");
        assertThat(left("reservations")).containsExactly(PAST + "|25");
        assertThat(maps).isEmpty();
        int turns = 2;
        while (trim.turn(0)) {
            turns++;
        }

        assertThat(turns).isEqualTo(8);
        assertThat(left("hold_requests")).isEmpty();
        assertThat(left("taken_seats")).isEmpty();
        assertThat(maps).containsExactly(PAST);
    }

    @Test
    void shows_are_looked_at_once_and_again_when_copies_may_have_been_made_anew() throws SQLException {
        for (int i = 0; i < 120; i++) {
            show(new UUID(2, i), "9 days");
        }
        while (trim.turn(0)) {}
        assertThat(maps).hasSize(120).doesNotHaveDuplicates();
        show(LATER, "8 days");
        assertThat(trim.turn(1)).isFalse();
        assertThat(maps).hasSize(121);
        reservations(new UUID(2, 7), 3);

        while (trim.turn(PASS.toMillis() - 1)) {}
        assertThat(left("reservations")).containsExactly(new UUID(2, 7) + "|3");
        while (trim.turn(PASS.toMillis())) {}

        assertThat(left("reservations")).isEmpty();
    }

    @Test
    void a_show_whose_map_cannot_be_forgotten_now_is_tried_again() throws SQLException {
        show(PAST, "8 days");
        CopyTrim withoutRedis = new CopyTrim(
                database.dataSource(),
                5_000,
                show -> {
                    if (maps.isEmpty()) {
                        maps.add(show);
                        throw new IllegalStateException("away");
                    }
                    return maps.add(show);
                },
                bounds(),
                meters);

        assertThatThrownBy(() -> withoutRedis.turn(0)).hasMessage("away");
        assertThat(withoutRedis.turn(0)).isFalse();

        assertThat(maps).containsExactly(PAST, PAST);
    }

    @Test
    void refusals_for_want_of_a_show_go_by_their_own_age_with_what_was_asked_for() throws SQLException {
        reservations(PAST, 15);
        reservations(LATER, 3);
        database.execute("update reservations set state = 'refused', reason = 'unknown_show'");
        database.execute(
                "update reservations set copied_at = now() - interval '8 days' where show_id = '" + PAST + "'");

        assertThat(trim.turn(0)).isTrue();
        assertThat(trim.turn(0)).isFalse();

        assertThat(left("reservations")).containsExactly(LATER + "|3");
        assertThat(left("hold_requests")).containsExactly(LATER + "|3");
    }

    @Test
    void entries_of_feeds_go_when_their_channel_has_them_no_longer_the_oldest_first() throws SQLException {
        database.execute(
                "insert into feed_entries (user_id, post_id, author_id, text, created_at, log_offset, copied_at)"
                        + " select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'x', now(), i, now() -"
                        + " interval '168 hours' - (15 - i) * interval '1 min' from generate_series(0, 19) as i");

        assertThat(trim.turn(0)).isTrue();
        List<String> afterOne = database.rows("select min(log_offset), count(*) from feed_entries");
        assertThat(trim.turn(0)).isFalse();

        assertThat(afterOne).containsExactly("10|10");
        assertThat(database.rows("select min(log_offset), count(*) from feed_entries"))
                .containsExactly("16|4");
        assertThat(trimmed("feed_entries")).isEqualTo(16);
    }

    @Test
    void jobs_go_seven_days_after_they_ended_with_their_attempts_and_the_counts_know_it() throws SQLException {
        job(12, "succeeded", "now() - interval '168 hours 1 minute'");
        job(3, "dead", "now() - interval '168 hours 1 minute'");
        job(2, "succeeded", "now() - interval '167 hours'");
        job(1, "ready", "null");
        database.execute("insert into job_log_lines select id, 1, 1, now(), 'info', 'a line' from jobs");
        database.execute("insert into job_log_drops select id, 1, 5, now() from jobs");

        assertThat(trim.turn(0)).isTrue();
        assertThat(trim.turn(0)).isFalse();

        assertThat(database.rows("select state, count(*) from jobs group by state order by state"))
                .containsExactly("ready|1", "succeeded|2");
        assertThat(database.rows("select state, jobs from job_counts order by state"))
                .containsExactly("dead|0", "ready|1", "succeeded|2");
        assertThat(database.number("select count(*) from job_attempts")).isEqualTo(3);
        assertThat(database.number("select count(*) from job_log_lines")).isEqualTo(3);
        assertThat(database.number("select count(*) from job_log_drops")).isEqualTo(3);
        assertThat(trimmed("jobs")).isEqualTo(15);
    }

    @Test
    void what_was_logged_for_a_job_that_is_not_there_goes_after_thirty_days() throws SQLException {
        database.execute("insert into job_log_lines select gen_random_uuid(), 1, 1, now() - i * interval '1 day',"
                + " 'info', 'a line' from generate_series(28, 31) as i");
        database.execute("insert into job_log_drops values (gen_random_uuid(), 1, 1, now() - interval '31 days')");

        assertThat(trim.turn(0)).isFalse();

        assertThat(database.number("select count(*) from job_log_lines")).isEqualTo(2);
        assertThat(database.number("select count(*) from job_log_drops")).isZero();
    }

    @Test
    void what_happened_in_a_minute_goes_after_an_hour_and_a_quarter() throws SQLException {
        database.execute("insert into job_minutes select 'default', now() - i * interval '1 minute', 1, 1, 1, 0, 0, 0"
                + " from generate_series(70, 79) as i");

        assertThat(trim.turn(0)).isFalse();

        assertThat(database.number("select count(*) from job_minutes where minute < now() - interval '75 minutes'"))
                .isZero();
        assertThat(database.number("select count(*) from job_minutes")).isEqualTo(5);
    }

    @Test
    void rows_that_somebody_else_has_locked_are_not_waited_for() throws SQLException {
        show(PAST, "8 days");
        reservations(PAST, 2);
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select from hold_requests for update");

            assertThat(trim.turn(0)).isFalse();
            connection.rollback();
        }

        assertThat(left("hold_requests")).containsExactly(PAST + "|2");
        assertThat(left("reservations")).isEmpty();
        assertThat(trim.turn(PASS.toMillis())).isFalse();
        assertThat(left("hold_requests")).isEmpty();
    }

    private CopyTrim trim() {
        return new CopyTrim(database.dataSource(), 5_000, maps::add, bounds(), meters);
    }

    private static CopyTrim.Bounds bounds() {
        return new CopyTrim.Bounds(
                Duration.ofDays(7),
                Duration.ofDays(7),
                Duration.ofDays(7),
                Resolutions.parse("1s=2d, 1m=90d, 1h=400d"),
                Duration.ofDays(3),
                ROWS,
                Duration.ofSeconds(60),
                PASS);
    }

    @Test
    void partitions_of_series_go_when_all_of_their_rows_are_too_old_and_others_stay() throws SQLException {
        long dayMs = Duration.ofDays(1).toMillis();
        long todayMs = database.number("select extract(epoch from date_trunc('day', now() at time zone 'UTC'))::bigint")
                * 1_000;
        try (Connection connection = database.dataSource().getConnection()) {
            Partitions.make(
                    connection,
                    List.of(
                            TimePartition.ofWindows("series_points", 1_000, dayMs, todayMs - 3 * dayMs),
                            TimePartition.ofWindows("series_points", 1_000, dayMs, todayMs - 2 * dayMs),
                            TimePartition.ofWindows("series_points", 3_600_000, 30 * dayMs, todayMs - 300 * dayMs),
                            TimePartition.ofWindows("series_points", 3_600_000, 30 * dayMs, todayMs - 431 * dayMs),
                            TimePartition.of("readings", dayMs, todayMs - 4 * dayMs),
                            TimePartition.of("readings", dayMs, todayMs - 3 * dayMs),
                            TimePartition.of("readings", dayMs, todayMs)));
        }

        assertThat(trim.turn(0)).isFalse();

        assertThat(database.rows("select inhparent::regclass, count(*) from pg_inherits where inhparent in"
                        + " ('series_points'::regclass, 'readings'::regclass) group by 1 order by 2"))
                .containsExactlyInAnyOrder("series_points|2", "readings|2");
        assertThat(trimmed("series_partitions")).isEqualTo(3);
    }

    private double trimmed(String copy) {
        return meters.get("tailrace.copies.trimmed").tag("copy", copy).counter().count();
    }

    private void show(UUID id, String ago) {
        database.execute("insert into shows values ('" + id + "', 'o', 'Hamlet', now() - interval '" + ago
                + "', '[]', 60, 60, 4)");
    }

    private void reservations(UUID show, int count) {
        database.execute("insert into hold_requests (id, show_id, user_id, seats, requested_at)"
                + " select gen_random_uuid(), '" + show + "', 'u', '{A-1-1}', now() from generate_series(1, " + count
                + ")");
        database.execute("insert into reservations (id, show_id, user_id, state, seats)"
                + " select id, show_id, user_id, 'confirmed', seats from hold_requests where show_id = '" + show + "'");
        database.execute("insert into confirmed_seats (show_id, seat, reservation_id)"
                + " select show_id, id::text, id from reservations where show_id = '" + show + "'");
        database.execute("insert into taken_seats (show_id, seat, state)"
                + " select show_id, seat, 'confirmed' from confirmed_seats where show_id = '" + show + "'");
    }

    private void job(int count, String state, String finishedAt) {
        database.execute("insert into jobs (id, queue, type, state, priority, run_at, attempt, max_attempts,"
                + " timeout_seconds, enqueued_at, finished_at) select gen_random_uuid(), 'default', 'email', '" + state
                + "', 5, now(), 1, 3, 60, now(), " + finishedAt + " from generate_series(1, " + count + ")");
        database.execute("insert into job_attempts (job_id, attempt) select id, 1 from jobs on conflict do nothing");
        database.execute("delete from job_counts");
        database.execute("insert into job_counts select queue, type, state, count(*) from jobs group by 1, 2, 3");
    }

    private List<String> left(String table) {
        return database.rows("select show_id, count(*) from " + table + " group by show_id order by show_id");
    }
}
