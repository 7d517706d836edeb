package io.tailrace.dispatcher.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tailrace.contracts.series.Resolutions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SeriesDeskTest {
    private static final Resolutions RESOLUTIONS = Resolutions.parse("1s=1h, 5s=1h, 20s=1h, 1m=1h");
    private static final long GRACE_MS = 7_000;
    private static final long AHEAD_MS = 4_000;
    private static final long START_MS = 1_700_000_000_000L;
    private static final UUID[] METRICS = {new UUID(0, 1), new UUID(0, 2), new UUID(0, 3)};

    private record Input(SeriesReading reading, long recordMs) {}

    /** What came out: the latest state of each window, and how often each was told. */
    private static final class Told implements SeriesOutput {
        final Map<WindowKey, Window> rows = new TreeMap<>();
        final Map<WindowKey, List<Long>> times = new HashMap<>();
        int late;
        int ahead;

        Window row(WindowKey key) {
            return Objects.requireNonNull(rows.get(key), () -> key + " was not told");
        }

        @Override
        public void tell(WindowKey key, Window window, long nowMs) {
            rows.put(key, window);
            times.computeIfAbsent(key, _ -> new ArrayList<>()).add(nowMs);
        }

        @Override
        public void late() {
            late++;
        }

        @Override
        public void ahead() {
            ahead++;
        }
    }

    @Property(tries = 150)
    void what_was_told_last_of_each_window_is_what_a_naive_model_has(@ForAll long seed) {
        List<Input> log = log(seed, 400);
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
        List<Input> log = log(seed, 300);

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
        for (Input input : log(seed, 500)) {
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
    void a_reading_of_1970_and_one_of_2500_are_in_no_window() {
        Told told = new Told();
        SeriesDesk desk = desk(new MapSeriesBook(), told);

        desk.apply(new SeriesReading(METRICS[0], 0, 1), START_MS, START_MS);
        desk.apply(new SeriesReading(METRICS[0], 16_725_225_600_000_000L, 1), START_MS, START_MS);

        assertThat(told.rows).isEmpty();
        assertThat(told.late).isEqualTo(1);
        assertThat(told.ahead).isEqualTo(1);
    }

    private static SeriesDesk desk(SeriesBook book, SeriesOutput output) {
        return new SeriesDesk(book, RESOLUTIONS, GRACE_MS, AHEAD_MS, output);
    }

    /** Reads a log with a wall clock of its own, in good time or as a backlog, with restarts and looks in between. */
    private static Told run(List<Input> log, SplittableRandom random, MapSeriesBook book) {
        Told told = new Told();
        SeriesDesk desk = desk(book, told);
        long behindMs = random.nextBoolean() ? 0 : random.nextLong(1_000_000_000);
        long nowMs = START_MS + behindMs;
        for (Input input : log) {
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

    /** Some minutes of readings of whole numbers: most of now, some late or ahead, with pauses and bursts. */
    private static List<Input> log(long seed, int size) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Input> log = new ArrayList<>();
        long recordMs = START_MS;
        for (int i = 0; i < size; i++) {
            recordMs += switch (random.nextInt(10)) {
                case 0 -> random.nextLong(15_000);
                case 1, 2, 3 -> random.nextLong(1_500);
                default -> random.nextLong(50);
            };
            long shiftMs =
                    switch (random.nextInt(6)) {
                        case 0 -> -random.nextLong(12_000);
                        case 1 -> random.nextLong(5_000);
                        default -> -random.nextLong(300);
                    };
            UUID metric = METRICS[random.nextInt(METRICS.length)];
            // The time of a record can be behind that of the one before.
            long jitterMs = random.nextInt(20) == 0 ? random.nextLong(2_000) : 0;
            long atUs = (recordMs + shiftMs) * 1_000 + random.nextInt(3);
            log.add(new Input(new SeriesReading(metric, atUs, 1 + random.nextInt(1_000)), recordMs - jitterMs));
        }
        return log;
    }
}
