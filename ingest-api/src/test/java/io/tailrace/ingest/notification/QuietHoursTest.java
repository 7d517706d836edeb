package io.tailrace.ingest.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietHoursTest {
    @ParameterizedTest(name = "{0} to {1} in {2} at {3}")
    @CsvSource({
        // Within a day: the beginning belongs to it, the end does not.
        "13:00, 14:30, UTC, 2026-06-01T12:59:59.999Z,",
        "13:00, 14:30, UTC, 2026-06-01T13:00:00Z, 2026-06-01T14:30:00Z",
        "13:00, 14:30, UTC, 2026-06-01T14:29:59.999Z, 2026-06-01T14:30:00Z",
        "13:00, 14:30, UTC, 2026-06-01T14:30:00Z,",
        // Over midnight, before and after it.
        "22:00, 07:00, Europe/Berlin, 2026-06-01T21:00:00Z, 2026-06-02T05:00:00Z",
        "22:00, 07:00, Europe/Berlin, 2026-06-02T04:59:00Z, 2026-06-02T05:00:00Z",
        "22:00, 07:00, Europe/Berlin, 2026-06-02T05:00:00Z,",
        "22:00, 07:00, Europe/Berlin, 2026-06-01T19:59:00Z,",
        "00:00, 23:59, UTC, 2026-06-01T00:00:00Z, 2026-06-01T23:59:00Z",
        "23:59, 00:00, UTC, 2026-06-01T23:59:30Z, 2026-06-02T00:00:00Z",
        // A night in which the clock is set forward is an hour shorter, and one in which it is set back an hour longer.
        "22:00, 07:00, Europe/Berlin, 2026-03-28T22:00:00Z, 2026-03-29T05:00:00Z",
        "22:00, 07:00, Europe/Berlin, 2026-10-24T21:00:00Z, 2026-10-25T06:00:00Z",
        // The end is skipped: the first moment after the gap.
        "22:00, 02:30, Europe/Berlin, 2026-03-28T23:30:00Z, 2026-03-29T01:00:00Z",
        "22:00, 02:30, Europe/Berlin, 2026-03-29T01:00:00Z,",
        // The beginning is skipped.
        "02:30, 05:00, Europe/Berlin, 2026-03-29T01:00:00Z, 2026-03-29T03:00:00Z",
        "02:30, 05:00, Europe/Berlin, 2026-03-29T00:59:59Z,",
        // Both are: there are no quiet hours in that night.
        "02:10, 02:50, Europe/Berlin, 2026-03-29T01:00:00Z,",
        // The end comes twice: the second time counts, so nobody is woken between the two.
        "22:00, 02:30, Europe/Berlin, 2026-10-25T00:29:00Z, 2026-10-25T01:30:00Z",
        "22:00, 02:30, Europe/Berlin, 2026-10-25T00:45:00Z, 2026-10-25T01:30:00Z",
        "22:00, 02:30, Europe/Berlin, 2026-10-25T01:30:00Z,",
        // The beginning comes twice: the first time counts.
        "02:30, 06:00, Europe/Berlin, 2026-10-25T00:30:00Z, 2026-10-25T05:00:00Z",
        "02:30, 06:00, Europe/Berlin, 2026-10-25T01:15:00Z, 2026-10-25T05:00:00Z",
        // Half an hour of daylight-saving time, and a day that a country has left out.
        "01:45, 03:00, Australia/Lord_Howe, 2026-10-03T15:20:00Z, 2026-10-03T16:00:00Z",
        "22:00, 07:00, Pacific/Apia, 2011-12-30T09:00:00Z, 2011-12-30T17:00:00Z",
        "12:00, 13:00, Pacific/Apia, 2011-12-30T10:00:00Z,",
    })
    void they_end_at(String from, String to, String zone, Instant now, Instant end) {
        assertThat(new QuietHours(from, to, List.of()).endOf(now, ZoneId.of(zone)))
                .isEqualTo(end);
    }

    @Test
    void at_their_end_there_are_none_whatever_the_day() {
        for (String zone : List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")) {
            for (String to : List.of("00:00", "01:30", "02:00", "02:30", "03:00", "07:00")) {
                QuietHours quiet = new QuietHours("23:30", to, List.of());
                Instant now = Instant.parse("2026-01-01T00:00:00Z");
                for (int i = 0; i < 24 * 366; i++) {
                    now = now.plusSeconds(3_600);
                    Instant end = quiet.endOf(now, ZoneId.of(zone));
                    if (end != null) {
                        assertThat(end).as(zone + " " + now).isAfter(now).isBefore(now.plusSeconds(9 * 3_600));
                        assertThat(quiet.endOf(end, ZoneId.of(zone)))
                                .as(zone + " " + end)
                                .isNull();
                    }
                }
            }
        }
    }
}
