package io.tailrace.ingest.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesGapsTest {
    @Test
    void windows_in_a_row_have_no_gap_and_a_missing_one_is_none_either() {
        List<SeriesRow> rows = rows(0, 1, 2, 4, 5, 6);

        assertThat(SeriesGaps.mark(rows, rows, 1_000)).isEqualTo(rows);
    }

    @Test
    void a_gap_begins_behind_the_last_window_before_it() {
        List<SeriesRow> rows = rows(0, 1, 2, 9, 10);

        assertThat(SeriesGaps.mark(rows, rows, 1_000))
                .extracting(row -> (row.isGap() ? "gap " : "") + row.tMs() / 1_000)
                .containsExactly("0", "1", "2", "gap 3", "9", "10");
    }

    @Test
    void a_metric_that_is_read_every_ten_windows_is_not_full_of_gaps() {
        List<SeriesRow> rows = rows(0, 10, 20, 30, 50, 60, 100, 110);

        assertThat(SeriesGaps.mark(rows, rows, 1_000))
                .extracting(row -> (row.isGap() ? "gap " : "") + row.tMs() / 1_000)
                .containsExactly("0", "10", "20", "30", "50", "60", "gap 61", "100", "110");
    }

    @Test
    void between_two_points_that_are_shown_the_longest_gap_is_marked_also_where_its_edges_are_not_shown() {
        List<SeriesRow> all = rows(0, 1, 2, 8, 9, 20, 21, 22);
        List<SeriesRow> shown = List.of(all.getFirst(), all.getLast());

        assertThat(SeriesGaps.mark(all, shown, 1_000))
                .extracting(row -> (row.isGap() ? "gap " : "") + row.tMs() / 1_000)
                .containsExactly("0", "gap 10", "22");
    }

    @Test
    void few_rows_have_none() {
        assertThat(SeriesGaps.mark(List.of(), List.of(), 1_000)).isEmpty();
        assertThat(SeriesGaps.mark(rows(5), rows(5), 1_000)).hasSize(1);
    }

    private static List<SeriesRow> rows(int... seconds) {
        return Arrays.stream(seconds)
                .mapToObj(second -> MinMaxLttbTest.row(second * 1_000L, 1))
                .toList();
    }
}
