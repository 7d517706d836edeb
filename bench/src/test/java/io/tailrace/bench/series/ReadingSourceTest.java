package io.tailrace.bench.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.bench.series.WayIn.Sample;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadingSourceTest {
    private static final long START_MS = 1_800_000_000_000L;

    @Test
    void no_two_readings_of_a_metric_have_the_same_time_without_a_pace() {
        assertThat(distinct(ReadingSource.metricsFor(1_000_000, 0), 1_000_000, 0))
                .isEqualTo(1_000_000);
    }

    @Test
    void more_readings_have_more_metrics_and_still_times_of_their_own() {
        int metrics = ReadingSource.metricsFor(3_000_000, 0);
        assertThat(metrics).isEqualTo(6);
        assertThat(distinct(metrics, 3_000_000, 0)).isEqualTo(3_000_000);
    }

    @Test
    void times_differ_at_a_pace_and_are_those_at_which_the_readings_are_due() {
        int metrics = ReadingSource.metricsFor(400_000, 20_000);
        assertThat(metrics).isEqualTo(40);
        assertThat(distinct(metrics, 400_000, 20_000)).isEqualTo(400_000);

        ReadingSource source = new ReadingSource(names(metrics), START_MS, 20_000);
        // 20 s at 20,000 a second are 400,000 readings, which are 800 batches.
        assertThat(source.dueNs(800)).isEqualTo(20_000_000_000L);
        assertThat(source.batch(800).getFirst().timestampMs()).isEqualTo(START_MS + 20_000);
    }

    @Test
    void the_same_batch_is_the_same_readings() {
        ReadingSource source = new ReadingSource(names(4), START_MS, 0);
        assertThat(source.batch(7)).isEqualTo(source.batch(7)).isNotEqualTo(source.batch(8));
        assertThat(source.dueNs(7)).isZero();
    }

    @Test
    void memory_is_told_as_the_median_of_each_part_of_the_time() {
        List<Long> samples =
                IntStream.rangeClosed(1, 30).mapToObj(Long::valueOf).toList();
        assertThat(MemorySamples.medians(samples, 10))
                .hasSize(10)
                .startsWith(2.0, 5.0)
                .endsWith(29.0);
        assertThat(MemorySamples.medians(List.of(5L, 7L), 10)).containsExactly(5.0, 7.0);
    }

    private static int distinct(int metrics, int readings, int perSecond) {
        ReadingSource source = new ReadingSource(names(metrics), START_MS, perSecond);
        Set<String> times = new HashSet<>();
        for (int batch = 0; batch < readings / ReadingSource.BATCH; batch++) {
            for (Sample sample : source.batch(batch)) {
                times.add(sample.metric() + '@' + sample.timestampMs());
            }
        }
        return times.size();
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(number -> "m" + number).toList();
    }
}
