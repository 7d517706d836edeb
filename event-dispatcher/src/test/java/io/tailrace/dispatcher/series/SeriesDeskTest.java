package io.tailrace.dispatcher.series;

import static io.tailrace.dispatcher.series.LoggedReading.METRICS;
import static io.tailrace.dispatcher.series.LoggedReading.START_MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tailrace.contracts.series.Resolutions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SeriesDeskTest {
    private static final Resolutions RESOLUTIONS = Resolutions.parse("1s=1h, 5s=1h, 20s=1h, 1m=1h");
    private static final long GRACE_MS = 7_000;
    private static final long AHEAD_MS = 4_000;

    @Property(tries = 150)
    void what_was_told_last_of_each_window_is_what_a_naive_model_has(@ForAll long seed) {
        List<LoggedReading> log = LoggedReading.some(seed, 400);
        NaiveSeries naive = new NaiveSeries(RESOLUTIONS, GRACE_MS, AHEAD_MS);
        log.forEach(input -> naive.add(input.reading(), input.recordMs()));

        Told told = run(log, new SplittableRandom(seed + 1), new MapSeriesBook());

        Map<WindowKey, NaiveSeries.Row> expected = naive.rows();
        assertThat(told.rows.keySet()).containsExactlyElementsOf(expected.keySet());
        expected.forEach((key, row) -> {
            NaiveSeries.Row actual = NaiveSeries.Row.of(told.row(key));
            assertThat(actual.median()).isCloseTo(row.median(), within(row.median() * Window.RELATIVE_ACCURACY));
            assertThat(actual)
                    .as("seed %d, window %s", seed, key)
                    .usingRecursiveComparison()
                    .ignoringFields("median")
                    .isEqualTo(row);
        });
        assertThat(told.late).isEqualTo(naive.late);
        assertThat(told.ahead).isEqualTo(naive.ahead);
    }

    @Property(tries = 50)
    void the_same_log_gives_the_same_rows_whenever_it_is_read(@ForAll long seed) {
        List<LoggedReading> log = LoggedReading.some(seed, 300);

        Told one = run(log, new SplittableRandom(seed + 1), new MapSeriesBook());
        Told other = run(log, new SplittableRandom(seed + 2), new MapSeriesBook());

        assertThat(other.rows.keySet()).isEqualTo(one.rows.keySet());
        one.rows.forEach((key, window) -> assertThat(other.row(key).bytes())
                .as("seed %d, window %s", seed, key)
                .isEqualTo(window.bytes()));
    }

    @Property(tries = 50)
    void what_can_no_longer_change_is_not_kept(@ForAll long seed) {
        MapSeriesBook book = new MapSeriesBook();
        Told told = new Told();
        SeriesDesk desk = desk(book, told);
        long lastMs = START_MS;
        for (LoggedReading input : LoggedReading.some(seed, 500)) {
            lastMs = Math.max(lastMs, input.recordMs());
            desk.apply(input.reading(), input.recordMs(), input.recordMs());
            long oldestMs = lastMs - GRACE_MS - 2 * RESOLUTIONS.coarsest().lengthMs() - 1_000;
            assertThat(book.windows.keySet()).allMatch(key -> key.startMs() >= oldestMs);
            long secondsMs = lastMs - GRACE_MS - RESOLUTIONS.all().get(1).lengthMs() - 3_000;
            assertThat(book.windows.keySet())
                    .filteredOn(key -> key.lengthMs() == 1_000)
                    .allMatch(key -> key.startMs() >= secondsMs);
        }
    }

    @Example
    void nothing_is_kept_before_the_first_reading() {
        MapSeriesBook book = new MapSeriesBook();
        SeriesDesk desk = desk(book, new Told());

        assertThat(desk.look(START_MS)).isFalse();
        assertThat(book.lengths()).isEmpty();

        desk.apply(new SeriesReading(METRICS[0], START_MS * 1_000, 1), START_MS, START_MS);
        assertThat(book.lengths()).containsExactly(1_000L, 5_000L, 20_000L, 60_000L);
    }

    @Example
    void the_first_value_is_told_at_once_and_the_following_ones_at_their_pace() {
        Told told = new Told();
        SeriesDesk desk = desk(new MapSeriesBook(), told);
        WindowKey second = new WindowKey(1_000, START_MS, METRICS[0]);

        for (long ms = 0; ms < 1_000; ms++) {
            long nowMs = START_MS + ms;
            desk.apply(new SeriesReading(METRICS[0], nowMs * 1_000, 1 + ms), nowMs, nowMs);
            desk.look(nowMs);
        }
        desk.look(START_MS + 1_200);

        assertThat(told.times.get(second))
                .containsExactly(
                        START_MS, START_MS + 200, START_MS + 400, START_MS + 600, START_MS + 800, START_MS + 1_200);
        assertThat(told.row(second).count()).isEqualTo(1_000);
        assertThat(told.times.get(new WindowKey(60_000, START_MS - START_MS % 60_000, METRICS[0])))
                .containsExactly(START_MS);
    }

    @Example
    void a_late_reading_is_told_again_within_the_grace_period_and_counted_and_dropped_behind_it() {
        Told told = new Told();
        SeriesDesk desk = desk(new MapSeriesBook(), told);
        long end = START_MS + 1_000;
        desk.apply(new SeriesReading(METRICS[0], START_MS * 1_000, 2), START_MS, START_MS);
        long lastMoment = end + GRACE_MS - 1;

        desk.apply(new SeriesReading(METRICS[0], START_MS * 1_000, 4), lastMoment, lastMoment);
        assertThat(told.row(new WindowKey(1_000, START_MS, METRICS[0])).count()).isEqualTo(2);
        assertThat(told.late).isZero();

        desk.apply(new SeriesReading(METRICS[0], START_MS * 1_000, 8), end + GRACE_MS, end + GRACE_MS);
        assertThat(told.late).isEqualTo(1);
        assertThat(told.row(new WindowKey(1_000, START_MS, METRICS[0])).count()).isEqualTo(2);
    }

    @Example
    void a_desk_that_begins_again_tells_what_was_not_told() {
        MapSeriesBook book = new MapSeriesBook();
        desk(book, new Told()).apply(new SeriesReading(METRICS[0], START_MS * 1_000, 2), START_MS, START_MS);
        SeriesDesk before = desk(book, new Told());
        before.apply(new SeriesReading(METRICS[0], START_MS * 1_000, 4), START_MS, START_MS);
        before.apply(new SeriesReading(METRICS[0], START_MS * 1_000, 6), START_MS + 1, START_MS + 1);
        Told told = new Told();

        SeriesDesk after = desk(book, told);
        assertThat(after.look(START_MS + 2)).isTrue();

        assertThat(told.rows).hasSize(4).allSatisfy((key, window) -> assertThat(window.count())
                .isEqualTo(3));
        assertThat(after.look(START_MS + 3)).isFalse();
        assertThat(book.untold).isEmpty();
    }

    @Example
    void an_untold_window_of_a_length_that_is_not_configured_is_passed_over() {
        MapSeriesBook book = new MapSeriesBook();
        book.putUntold(new WindowKey(30_000, START_MS - START_MS % 30_000, METRICS[0]));
        Told told = new Told();

        assertThat(desk(book, told).look(START_MS)).isFalse();

        assertThat(told.rows).isEmpty();
        assertThat(book.untold).isEmpty();
    }

    @Example
    void a_longer_grace_period_does_not_make_a_window_anew_that_was_forgotten() {
        MapSeriesBook book = new MapSeriesBook();
        Told told = new Told();
        SeriesDesk desk = desk(book, told);
        for (int i = 0; i < 3; i++) {
            desk.apply(new SeriesReading(METRICS[0], START_MS * 1_000 + i, 2), START_MS, START_MS);
        }
        desk.look(START_MS + 60_000);
        long laterMs = START_MS + 60_000;
        desk.apply(new SeriesReading(METRICS[1], laterMs * 1_000, 2), laterMs, laterMs);
        WindowKey second = new WindowKey(1_000, START_MS, METRICS[0]);
        assertThat(told.row(second).count()).isEqualTo(3);
        assertThat(book.windows).doesNotContainKey(second);

        SeriesDesk patient = new SeriesDesk(book, RESOLUTIONS, 100_000, AHEAD_MS, told);
        patient.apply(new SeriesReading(METRICS[0], START_MS * 1_000, 2), laterMs, laterMs);
        patient.look(laterMs + 120_000);

        assertThat(told.late).isEqualTo(1);
        assertThat(told.row(second).count()).isEqualTo(3);
        assertThat(told.shrunk).isEmpty();
    }

    @Example
    void a_length_in_between_leaves_the_minute_that_is_under_way_as_it_was_told_and_the_next_one_is_whole() {
        MapSeriesBook book = new MapSeriesBook();
        Told told = new Told();
        Resolutions without = Resolutions.parse("1s=1h, 1m=1h");
        Resolutions with = Resolutions.parse("1s=1h, 10s=1h, 1m=1h");
        WindowKey minute = new WindowKey(60_000, START_MS - START_MS % 60_000, METRICS[0]);
        SeriesDesk before = new SeriesDesk(book, without, GRACE_MS, AHEAD_MS, told);
        for (int second = 0; second < 3; second++) {
            read(before, START_MS + second * 1_000L);
        }

        SeriesDesk after = new SeriesDesk(book, with, GRACE_MS, AHEAD_MS, told);
        read(after, START_MS + 30_000);
        // What had not been told by the old lengths was told first.
        assertThat(told.row(minute).count()).isEqualTo(3);
        read(after, minute.endMs());
        read(after, minute.endMs() + 1_000);
        after.look(START_MS + 200_000);

        assertThat(told.row(minute).count()).isEqualTo(3);
        WindowKey nextMinute = new WindowKey(60_000, minute.endMs(), METRICS[0]);
        assertThat(told.row(nextMinute).count()).isEqualTo(2);
        WindowKey tenSeconds = new WindowKey(10_000, START_MS + 30_000, METRICS[0]);
        assertThat(told.row(tenSeconds).count()).isEqualTo(1);
        assertThat(told.rows).doesNotContainKey(new WindowKey(10_000, START_MS, METRICS[0]));
        assertThat(told.shrunk).isEmpty();
    }

    @Example
    void a_length_that_is_gone_leaves_nothing_in_the_book() {
        MapSeriesBook book = new MapSeriesBook();
        Told told = new Told();
        SeriesDesk before = desk(book, told);
        read(before, START_MS);
        read(before, START_MS + 1);

        Resolutions fewer = Resolutions.parse("5s=1h, 1m=1h");
        SeriesDesk after = new SeriesDesk(book, fewer, GRACE_MS, AHEAD_MS, told);
        read(after, START_MS + 2);
        after.look(START_MS + 120_000);

        assertThat(book.windows.keySet()).extracting(WindowKey::lengthMs).containsExactly(5_000L, 60_000L);
        assertThat(told.row(new WindowKey(5_000, START_MS, METRICS[0])).count()).isEqualTo(3);
        assertThat(told.shrunk).isEmpty();
        assertThat(book.untold).isEmpty();
    }

    @Property(tries = 60)
    void other_lengths_and_grace_periods_make_no_window_smaller_and_windows_that_begin_later_are_whole(
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed + 1);
        List<LoggedReading> log = LoggedReading.some(seed, 700);
        MapSeriesBook book = new MapSeriesBook();
        Told told = new Told();
        Resolutions resolutions = RESOLUTIONS;
        long graceMs = GRACE_MS;
        SeriesDesk desk = desk(book, told);
        long latestMs = START_MS;
        long changedMs = START_MS;
        long nowMs = START_MS;
        for (int i = 0; i < log.size(); i++) {
            LoggedReading input = log.get(i);
            boolean changes = i == 150 || i == 300;
            if (changes) {
                resolutions = someResolutions(random);
                graceMs = 3_000 + random.nextLong(12_000);
                changedMs = latestMs;
            }
            if (changes || random.nextInt(40) == 0) {
                desk = new SeriesDesk(book, resolutions, graceMs, AHEAD_MS, told);
            }
            long atMs = input.reading().atUs() / 1_000;
            latestMs = Math.max(latestMs, Math.max(atMs, input.recordMs()));
            nowMs = Math.max(nowMs, input.recordMs());
            desk.apply(input.reading(), input.recordMs(), nowMs);
            if (random.nextInt(8) == 0) {
                desk.look(nowMs);
            }
        }
        while (desk.look(nowMs + 120_000)) {
            nowMs++;
        }

        assertThat(told.shrunk).as("seed %d", seed).isEmpty();
        assertThat(book.untold).isEmpty();
        told.rows.forEach((key, window) ->
                assertThat(window.count()).as("seed %d, window %s", seed, key).isBetween(1L, readings(log, key)));
        // The longest window that was under way at the change, and the longest one after it.
        long wholeMs = changedMs + 120_000;
        NaiveSeries naive = new NaiveSeries(resolutions, graceMs, AHEAD_MS);
        log.forEach(input -> naive.add(input.reading(), input.recordMs()));
        Map<WindowKey, NaiveSeries.Row> expected = new TreeMap<>(naive.rows());
        expected.keySet().removeIf(key -> key.startMs() < wholeMs);
        assertThat(told.rows.keySet().stream()
                        .filter(key -> key.startMs() >= wholeMs)
                        .toList())
                .as("seed %d", seed)
                .containsExactlyElementsOf(expected.keySet());
        expected.forEach((key, row) -> assertThat(NaiveSeries.Row.of(told.row(key)))
                .as("seed %d, window %s", seed, key)
                .usingRecursiveComparison()
                .ignoringFields("median")
                .isEqualTo(row));
    }

    @Example
    void a_reading_of_1970_and_one_of_2500_are_in_no_window() {
        Told told = new Told();
        SeriesDesk desk = desk(new MapSeriesBook(), told);

        desk.apply(new SeriesReading(METRICS[0], 0, 1), START_MS, START_MS);
        desk.apply(new SeriesReading(METRICS[0], 16_725_225_600_000_000L, 1), START_MS, START_MS);

        assertThat(told.rows).isEmpty();
        assertThat(told.late).isEqualTo(1);
        assertThat(told.ahead).isEqualTo(1);
    }

    /** A reading of the first metric, at the time of its record and of the wall clock. */
    private static void read(SeriesDesk desk, long atMs) {
        desk.apply(new SeriesReading(METRICS[0], atMs * 1_000, 2), atMs, atMs);
    }

    /** How many readings of a log are of the time of a window, whether they count or not. */
    private static long readings(List<LoggedReading> log, WindowKey key) {
        return log.stream()
                .map(LoggedReading::reading)
                .filter(reading -> reading.metric().equals(key.metric())
                        && reading.atUs() >= key.startMs() * 1_000
                        && reading.atUs() < key.endMs() * 1_000)
                .count();
    }

    private static Resolutions someResolutions(SplittableRandom random) {
        List<String> chosen = new ArrayList<>();
        while (chosen.isEmpty()) {
            for (String length : List.of("1s", "5s", "10s", "20s", "1m")) {
                if (random.nextBoolean()) {
                    chosen.add(length + "=1h");
                }
            }
        }
        return Resolutions.parse(String.join(", ", chosen));
    }

    private static SeriesDesk desk(SeriesBook book, SeriesOutput output) {
        return new SeriesDesk(book, RESOLUTIONS, GRACE_MS, AHEAD_MS, output);
    }

    /** Reads a log with a wall clock of its own, in good time or as a backlog, with restarts and looks in between. */
    private static Told run(List<LoggedReading> log, SplittableRandom random, MapSeriesBook book) {
        Told told = new Told();
        SeriesDesk desk = desk(book, told);
        long behindMs = random.nextBoolean() ? 0 : random.nextLong(1_000_000_000);
        long nowMs = START_MS + behindMs;
        for (LoggedReading input : log) {
            nowMs = Math.max(nowMs, input.recordMs()) + random.nextInt(50);
            desk.apply(input.reading(), input.recordMs(), nowMs);
            if (random.nextInt(8) == 0) {
                desk.look(nowMs);
            }
            if (random.nextInt(40) == 0) {
                desk = desk(book, told);
            }
        }
        while (desk.look(nowMs + 120_000)) {
            nowMs++;
        }
        assertThat(book.untold).isEmpty();
        return told;
    }
}
