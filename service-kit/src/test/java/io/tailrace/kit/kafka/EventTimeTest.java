package io.tailrace.kit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {
    @RepeatedTest(20)
    void whatAnInstantWritesIsRead(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 1000; i++) {
            long seconds = random.nextLong(-62_135_596_800L, 253_402_300_800L);
            int nanos = random.nextInt(1_000_000_000);
            int unit = (int) Math.pow(10, random.nextInt(10));
            Instant instant = Instant.ofEpochSecond(seconds, nanos / unit * (long) unit);

            assertThat(EventTime.parse(instant.toString())).isEqualTo(instant);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-01T12:00:00Z",
                "2026-03-01T12:00:00.1Z",
                "2026-03-01T12:00:00.000000001Z",
                "2024-02-29T23:59:59.999999999Z",
                "2026-03-01T12:00:00+01:00",
                "2026-03-01T12:00:00.123-05:30",
                "0001-01-01T00:00:00Z"
            })
    void otherFormsOfATimeAreReadAsTheGeneralParserDoes(String text) {
        assertThat(EventTime.parse(text)).isEqualTo(OffsetDateTime.parse(text).toInstant());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-03-01",
                "2026-02-29T12:00:00Z",
                "2026-13-01T12:00:00Z",
                "2026-03-01T24:00:01Z",
                "2026-03-01T12:60:00Z",
                "2026-03-01T12:00:60Z",
                "2026-03-01T12:00:00.Z.",
                "2026-03-01T12:00:00x1Z",
                "2026-03-01T12:00:00.1234567890Z",
                "2026-03-01T12:00:0-Z",
                "20x6-03-01T12:00:00Z",
                "2026-03-01T12:00:00.12"
            })
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> EventTime.parse(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void aFractionKeepsItsPlace() {
        assertThat(EventTime.parse("2026-03-01T12:00:00.05Z").getNano()).isEqualTo(50_000_000);
    }
}
