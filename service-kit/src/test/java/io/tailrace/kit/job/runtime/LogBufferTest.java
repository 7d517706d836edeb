package io.tailrace.kit.job.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.JobLogLine;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogBufferTest {
    private static final long INTERVAL_MS = 200;

    private final LogBuffer buffer = new LogBuffer(INTERVAL_MS);

    private void add(String text) {
        buffer.add(Instant.EPOCH, "info", text);
    }

    private LogBuffer.Taken take(long nowMs, boolean isLast) {
        return Objects.requireNonNull(buffer.take(nowMs, isLast));
    }

    private void nothingAt(long nowMs, boolean isLast) {
        assertThat(buffer.take(nowMs, isLast)).isNull();
    }

    @Test
    void linesAreTakenTogetherAndNotTooOften() {
        nothingAt(0, false);
        add("a");
        add("b");
        assertThat(take(1, false).lines()).extracting(JobLogLine::line).containsExactly(1, 2);
        add("c");
        nothingAt(INTERVAL_MS, false);
        assertThat(take(INTERVAL_MS + 1, false).lines())
                .extracting(JobLogLine::text)
                .containsExactly("c");
        add("d");
        assertThat(take(INTERVAL_MS + 2, true).lines())
                .as("nothing waits at the end")
                .extracting(JobLogLine::line)
                .containsExactly(4);
        nothingAt(INTERVAL_MS + 3, true);
    }

    @Test
    void aHandlerThatLogsWithoutEndIsCountedAndToldOfOnceAndAtTheEnd() {
        IntStream.range(0, 2_000).forEach(i -> add("line"));
        LogBuffer.Taken first = take(0, false);
        assertThat(first.lines()).hasSize(JobLogLine.MAX_LINES);
        assertThat(first.dropped()).isEqualTo(1_500);
        add("more");
        nothingAt(10_000, false);
        LogBuffer.Taken last = take(10_001, true);
        assertThat(last.lines()).isEmpty();
        assertThat(last.dropped()).isEqualTo(1_501);
    }

    @Test
    void theBytesOfAnAttemptAreBoundedAndNothingIsKeptBehindWhatWasDropped() {
        IntStream.range(0, 20).forEach(i -> add("x".repeat(4_000)));
        add("short");
        LogBuffer.Taken taken = take(0, false);

        assertThat(taken.lines()).hasSize(16);
        assertThat(taken.lines().stream()
                        .mapToInt(line -> JobLogLine.bytes(line.text()))
                        .sum())
                .isLessThanOrEqualTo(JobLogLine.MAX_BYTES);
        assertThat(taken.dropped()).isEqualTo(5);
    }

    @Test
    void aLongLineIsCutBetweenCharacters() {
        add("x".repeat(5_000));
        add("\ud83d\ude00".repeat(2_000));
        add("é".repeat(2_048));
        add("half \ud83d of a pair");
        LogBuffer.Taken taken = take(0, false);

        assertThat(taken.lines().get(0).text()).hasSize(4_094).endsWith("x…");
        assertThat(taken.lines().get(1).text()).endsWith("\ud83d\ude00…");
        assertThat(JobLogLine.bytes(taken.lines().get(1).text())).isBetween(4_090, JobLogLine.MAX_LINE_BYTES);
        assertThat(taken.lines().get(2).text()).isEqualTo("é".repeat(2_048));
        assertThat(taken.lines().get(3).text()).isEqualTo("half \ufffd of a pair");
    }
}
