package io.tailrace.ingest.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferenceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wait=5 | 5 | wait=5",
                "Wait = 5 | 5 | wait=5",
                "wait=\"5\" | 5 | wait=5",
                "wait=0 | 0 | wait=0",
                "wait=31 | 30 | wait=30",
                "wait=999999999 | 30 | wait=30",
                "respond-async | 0 | respond-async",
                "respond-async, wait=10 | 10 | wait=10",
                "return=minimal; foo, wait=3; bar=1 | 3 | wait=3",
                "wait=3, wait=4 | 3 | wait=3",
            })
    void what_is_preferred_counts(String header, int seconds, String applied) {
        assertThat(of(header)).isEqualTo(new Preference(Duration.ofSeconds(seconds), applied));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wait", "wait=", "wait=x", "wait=-1", "wait=1.5", "wait=9999999999", "hurry", ";,=,"})
    void what_is_malformed_or_unknown_is_ignored(String header) {
        assertThat(of(header)).isEqualTo(new Preference(Duration.ofSeconds(2), null));
    }

    @Test
    void several_headers_are_one_list() {
        assertThat(of("return=minimal", "wait=7")).isEqualTo(new Preference(Duration.ofSeconds(7), "wait=7"));
    }

    private static Preference of(String... headers) {
        return Preference.of(List.of(headers), Duration.ofSeconds(2), Duration.ofSeconds(30));
    }
}
