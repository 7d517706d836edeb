package io.tailrace.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ProgressPaceTest {
    @Test
    void progress_is_told_at_once_and_then_four_times_a_second_at_most() {
        ProgressPace pace = new ProgressPace(Duration.ofMillis(250));

        long told = LongStream.range(0, 1_000)
                .map(millis -> Long.MAX_VALUE - 500_000_000L + millis * 1_000_000L)
                .filter(pace::isDue)
                .count();

        assertThat(told).isEqualTo(4);
    }
}
