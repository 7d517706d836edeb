package io.tailrace.ingest.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MinMaxLttbTest {
    @Property(tries = 200)
    void what_is_shown_is_a_part_in_order_with_the_first_and_the_last_and_not_more_than_may_be(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3_000) int size,
            @ForAll @IntRange(min = 1, max = 400) int maxPoints) {
        List<SeriesRow> rows = rows(seed, size);

        List<SeriesRow> shown = MinMaxLttb.reduce(rows, maxPoints);

        assertThat(shown).hasSizeLessThanOrEqualTo(maxPoints).isSubsetOf(rows);
        assertThat(shown).isSortedAccordingTo(Comparator.comparingLong(SeriesRow::tMs));
        assertThat(shown).doesNotHaveDuplicates();
        assertThat(shown.getLast()).isEqualTo(rows.getLast());
        if (maxPoints > 1) {
            assertThat(shown.getFirst()).isEqualTo(rows.getFirst());
        }
        if (size <= maxPoints) {
            assertThat(shown).isEqualTo(rows);
        }
    }

    @Property(tries = 300)
    void the_windows_with_the_least_and_the_greatest_value_are_shown_where_there_is_room_for_four(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3_000) int size,
            @ForAll @IntRange(min = 4, max = 1_000) int maxPoints) {
        List<SeriesRow> rows = windows(seed, size);
        double least = rows.stream().mapToDouble(SeriesRow::min).min().orElseThrow();
        double greatest = rows.stream().mapToDouble(SeriesRow::max).max().orElseThrow();

        List<SeriesRow> shown = MinMaxLttb.reduce(rows, maxPoints);

        assertThat(shown).hasSizeLessThanOrEqualTo(maxPoints).doesNotHaveDuplicates();
        assertThat(shown).isSortedAccordingTo(Comparator.comparingLong(SeriesRow::tMs));
        assertThat(shown).anyMatch(row -> row.min() == least).anyMatch(row -> row.max() == greatest);
    }

    @Example
    void of_three_points_the_middle_one_is_that_which_is_farthest_out() {
        List<SeriesRow> rows = List.of(row(0, 10), row(1_000, 4), row(2_000, 10), row(3_000, 90), row(4_000, 10));

        assertThat(MinMaxLttb.reduce(rows, 3)).containsExactly(rows.get(0), rows.get(3), rows.get(4));
    }

    @Example
    void a_window_is_chosen_for_its_extremes_also_where_its_mean_is_as_any() {
        List<SeriesRow> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            // In each ten seconds one window has a peak, which its mean does not show; the last is the greatest of all.
            rows.add(i % 10 == 4 ? window(i * 1_000L, 9, 10, 50 + i) : row(i * 1_000L, 10));
        }

        assertThat(MinMaxLttb.reduce(rows, 14))
                .hasSizeLessThanOrEqualTo(14)
                .contains(rows.get(4), rows.get(14), rows.get(24), rows.get(34));
    }

    @Property(tries = 200)
    void the_least_and_the_greatest_of_each_bucket_are_preselected(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 2_000) int size,
            @ForAll @IntRange(min = 1, max = 200) int buckets) {
        List<SeriesRow> rows = rows(seed, size);

        List<SeriesRow> kept = MinMaxLttb.extremes(rows, buckets);

        assertThat(kept).hasSizeLessThanOrEqualTo(2 * buckets + 2).isSubsetOf(rows);
        long fromMs = rows.getFirst().tMs();
        double lengthMs = Math.max(1, (rows.getLast().tMs() - fromMs + 1) / (double) buckets);
        for (int bucket = 0; bucket < buckets; bucket++) {
            int wanted = bucket;
            List<SeriesRow> all = rows.stream()
                    .filter(row -> Math.min(buckets - 1, (long) ((row.tMs() - fromMs) / lengthMs)) == wanted)
                    .toList();
            if (!all.isEmpty()) {
                double least = all.stream().mapToDouble(SeriesRow::min).min().orElseThrow();
                double greatest = all.stream().mapToDouble(SeriesRow::max).max().orElseThrow();
                List<SeriesRow> some = all.stream().filter(kept::contains).toList();
                assertThat(some).anyMatch(row -> row.min() == least).anyMatch(row -> row.max() == greatest);
            }
        }
    }

    @Example
    void a_single_spike_among_many_points_is_shown() {
        List<SeriesRow> rows = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            rows.add(row(i * 1_000L, i == 17_321 ? 900 : 10));
        }

        assertThat(MinMaxLttb.reduce(rows, 100)).hasSizeLessThanOrEqualTo(100).anyMatch(row -> row.max() == 900);
    }

    /** With pauses, so that buckets are empty. */
    private static List<SeriesRow> rows(long seed, int size) {
        SplittableRandom random = new SplittableRandom(seed);
        List<SeriesRow> rows = new ArrayList<>();
        long tMs = 1_700_000_000_000L;
        for (int i = 0; i < size; i++) {
            tMs += 1_000 * (random.nextInt(30) == 0 ? 1 + random.nextInt(500) : 1);
            rows.add(row(tMs, 1 + random.nextInt(1_000)));
        }
        return rows;
    }

    /** As {@link #rows}, with a least and a greatest value that is not the mean. */
    private static List<SeriesRow> windows(long seed, int size) {
        SplittableRandom random = new SplittableRandom(seed + 1);
        return rows(seed, size).stream()
                .map(row -> window(
                        row.tMs(),
                        row.mean() - random.nextDouble(1_000),
                        row.mean(),
                        row.mean() + random.nextDouble(1_000)))
                .toList();
    }

    private static SeriesRow window(long tMs, double min, double mean, double max) {
        return new SeriesRow(tMs, 2, 2 * mean, min, max, mean, min, max, tMs * 1_000, mean, max, max);
    }

    static SeriesRow row(long tMs, double value) {
        return new SeriesRow(tMs, 1, value, value, value, value, value, value, tMs * 1_000, value, value, value);
    }
}
