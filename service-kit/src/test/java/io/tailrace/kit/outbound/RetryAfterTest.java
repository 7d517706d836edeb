package io.tailrace.kit.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @ParameterizedTest
    @CsvSource({"0,0", "7,7", "' 120 ',120", "99999999999999999999,2147483647"})
    void secondsAreRead(String value, long seconds) {
        assertThat(RetryAfter.of(Headers.of("Retry-After", value), NOW)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Fri, 02 Jan 2026 03:04:35 GMT", "Friday, 02-Jan-26 03:04:35 GMT", "Fri Jan  2 03:04:35 2026"})
    void aDateInAnyFormOfHttpIsRead(String value) {
        assertThat(RetryAfter.of(Headers.of("Retry-After", value), NOW)).contains(Duration.ofSeconds(30));
    }

    @Test
    void aDateCountsFromTheServersOwnClock() {
        Headers headers =
                Headers.of("Date", "Mon, 01 Jan 2035 00:00:00 GMT", "Retry-After", "Mon, 01 Jan 2035 00:00:09 GMT");

        assertThat(RetryAfter.of(headers, NOW)).contains(Duration.ofSeconds(9));
    }

    @Test
    void aDateThatHasPassedIsNow() {
        assertThat(RetryAfter.of(Headers.of("Retry-After", "Thu, 01 Jan 2026 00:00:00 GMT"), NOW))
                .contains(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "1e3"})
    void whatIsNoTimeIsNoWish(String value) {
        assertThat(RetryAfter.of(Headers.of("Retry-After", value), NOW)).isEmpty();
        assertThat(RetryAfter.of(Headers.of(), NOW)).isEmpty();
    }
}
