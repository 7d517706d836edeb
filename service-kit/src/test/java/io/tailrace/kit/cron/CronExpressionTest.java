package io.tailrace.kit.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronExpressionTest {
    private static final ZoneId UTC = ZoneId.of("UTC");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/15 * * * *      | 2026-03-01T12:00:00Z | 2026-03-01T12:15:00Z",
                "5 4 * * *         | 2026-03-01T12:00:00Z | 2026-03-02T04:05:00Z",
                "0 0 1 * *         | 2026-03-01T00:00:00Z | 2026-04-01T00:00:00Z",
                "0 9 * * MON-FRI   | 2026-03-06T09:00:00Z | 2026-03-09T09:00:00Z",
                "0 9 * * 1-5       | 2026-03-06T09:00:00Z | 2026-03-09T09:00:00Z",
                "0 9 * * 7         | 2026-03-02T00:00:00Z | 2026-03-08T09:00:00Z",
                "0 9 * * 0         | 2026-03-02T00:00:00Z | 2026-03-08T09:00:00Z",
                "0 9 * * SUN       | 2026-03-02T00:00:00Z | 2026-03-08T09:00:00Z",
                "0 9 * * FRI-SUN   | 2026-03-07T09:00:00Z | 2026-03-08T09:00:00Z",
                "0 9 * * 5-7       | 2026-03-07T09:00:00Z | 2026-03-08T09:00:00Z",
                "0 0 29 2 *        | 2026-03-01T00:00:00Z | 2028-02-29T00:00:00Z",
                "0 0 29 2 *        | 2097-01-01T00:00:00Z | 2104-02-29T00:00:00Z",
                "0 0 31 jan,mar *  | 2026-02-01T00:00:00Z | 2026-03-31T00:00:00Z",
                "0 10-20/5 * * *   | 2026-03-01T10:00:00Z | 2026-03-01T15:00:00Z",
                "30 */20 * * * *   | 2026-03-01T12:00:30Z | 2026-03-01T12:20:30Z",
                "*/2 * * * * *     | 2026-03-01T12:00:00.5Z | 2026-03-01T12:00:02Z",
                "@hourly           | 2026-03-01T12:00:00Z | 2026-03-01T13:00:00Z",
                "@daily            | 2026-03-01T12:00:00Z | 2026-03-02T00:00:00Z",
                "@weekly           | 2026-03-01T12:00:00Z | 2026-03-08T00:00:00Z",
                "@monthly          | 2026-03-01T12:00:00Z | 2026-04-01T00:00:00Z",
                "@yearly           | 2026-03-01T12:00:00Z | 2027-01-01T00:00:00Z",
                "  0   0 * * *  |  2026-03-01T12:00:00Z | 2026-03-02T00:00:00Z"
            })
    void the_next_time_is_as_the_text_says(String text, Instant after, Instant next) {
        assertThat(CronExpression.parse(text).nextAfter(after, UTC)).contains(next);
    }

    @Test
    void of_day_and_weekday_one_is_enough_where_both_are_named() {
        CronExpression cron = CronExpression.parse("0 0 13 * FRI");

        assertThat(cron.nextAfter(Instant.parse("2026-03-01T00:00:00Z"), UTC, 4))
                .containsExactly(
                        Instant.parse("2026-03-06T00:00:00Z"),
                        Instant.parse("2026-03-13T00:00:00Z"),
                        Instant.parse("2026-03-20T00:00:00Z"),
                        Instant.parse("2026-03-27T00:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Forward in the night of the 29th of March, 02:00 to 03:00, and back on the 25th of October, 03:00 to
                // 02:00.
                "Europe/Berlin | 30 2 * * *  | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z",
                "Europe/Berlin | 30 2 * * *  | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z 2026-10-26T01:30:00Z",
                "Europe/Berlin | 0,30 2,3 * * * | 2026-03-29T00:00:00Z | 2026-03-29T01:00:00Z 2026-03-29T01:30:00Z",
                "Europe/Berlin | 0 * * * *   | 2026-03-29T00:00:00Z | 2026-03-29T01:00:00Z 2026-03-29T02:00:00Z",
                "Europe/Berlin | 0 * * * *   | 2026-10-24T23:00:00Z | 2026-10-25T00:00:00Z 2026-10-25T01:00:00Z"
                        + " 2026-10-25T02:00:00Z",
                "Europe/Berlin | 0 */2 * * * | 2026-03-28T23:00:00Z | 2026-03-29T02:00:00Z 2026-03-29T04:00:00Z",
                "Europe/Berlin | 0 */2 * * * | 2026-10-24T22:00:00Z | 2026-10-25T00:00:00Z 2026-10-25T01:00:00Z"
                        + " 2026-10-25T03:00:00Z",
                // 8 March, 02:00 to 03:00; 1 November, 02:00 to 01:00.
                "America/New_York | 15 2 * * * | 2026-03-08T00:00:00Z | 2026-03-08T07:00:00Z 2026-03-09T06:15:00Z",
                "America/New_York | 15 1 * * * | 2026-11-01T00:00:00Z | 2026-11-01T05:15:00Z 2026-11-02T06:15:00Z",
                "America/New_York | */30 * * * * | 2026-11-01T05:00:00Z | 2026-11-01T05:30:00Z 2026-11-01T06:00:00Z"
                        + " 2026-11-01T06:30:00Z 2026-11-01T07:00:00Z",
                // Half an hour: 4 October, 02:00 to 02:30; 5 April, 02:00 to 01:30.
                "Australia/Lord_Howe | 15 2 * * * | 2026-10-03T00:00:00Z | 2026-10-03T15:30:00Z 2026-10-04T15:15:00Z",
                "Australia/Lord_Howe | 45 1 * * * | 2026-04-04T00:00:00Z | 2026-04-04T14:45:00Z 2026-04-05T15:15:00Z",
                "Australia/Lord_Howe | */15 * * * * | 2026-04-04T14:30:00Z | 2026-04-04T14:45:00Z 2026-04-04T15:00:00Z"
                        + " 2026-04-04T15:15:00Z 2026-04-04T15:30:00Z",
                // The time of the winter is that of the month of Ramadan: back on 15 February, forward on 22 March.
                "Africa/Casablanca | 30 2 * * * | 2026-02-15T00:00:00Z | 2026-02-15T01:30:00Z 2026-02-16T02:30:00Z",
                "Africa/Casablanca | 30 2 * * * | 2026-03-22T00:00:00Z | 2026-03-22T02:00:00Z 2026-03-23T01:30:00Z",
                // The 30th of December 2011 did not exist there.
                "Pacific/Apia | 0 12 * * *   | 2011-12-29T00:00:00Z | 2011-12-29T22:00:00Z 2011-12-30T10:00:00Z"
                        + " 2011-12-30T22:00:00Z"
            })
    void over_a_change_of_the_clocks_the_times_are_those_that_are_documented(
            String zone, String text, Instant after, String times) {
        List<Instant> expected =
                List.of(times.split(" ")).stream().map(Instant::parse).toList();

        assertThat(CronExpression.parse(text).nextAfter(after, ZoneId.of(zone), expected.size()))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "30 2 * * *|365",
                "0 2,3 * * *|729",
                "0 * * * *|8760",
                "*/30 * * * *|17520",
                "0 3 * * *|365",
                "15 2 * * *|365"
            })
    void a_year_with_both_changes_has_the_documented_number_of_times(String text, int expected) {
        Instant from = Instant.parse("2026-01-01T00:00:00Z").minusSeconds(3601);
        Instant to = from.plus(Duration.ofDays(365));

        // 02:00 of the 29th of March falls together with 03:00.
        assertThat(CronExpression.parse(text).count(from, to, ZoneId.of("Europe/Berlin"), 20_000))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 0 31 2 *",
                "0 0 30 2 *",
                "0 0 31 4,6,9,11 *",
                "0 0 30,31 FEB *",
                "0 0 0 30 2 *",
            })
    void what_is_never_due_is_refused_with_the_reason(String text) {
        assertThatThrownBy(() -> CronExpression.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("never due");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "*",
                "* * * *",
                "* * * * * * *",
                "60 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "* * 32 * *",
                "* * * 13 * ",
                "* * * 0 *",
                "* * * * 8",
                "-1 * * * *",
                "5-1 * * * *",
                "*/0 * * * *",
                "*/-1 * * * *",
                "1-2-3 * * * *",
                "1-5/ * * * *",
                "1, * * * *",
                "1,99 * * * *",
                "0-3,70-80 * * * *",
                "* * * * 1,9",
                "1-5/2/3 * * * *",
                "*/2147483647 * * * *",
                "5-99999 * * * *",
                "1/2/3 * * * *",
                ", * * * *",
                "1,,2 * * * *",
                "a b c d e",
                "* * * * XYZ",
                "* * * FOO *",
                "99999999999999999999 * * * *",
                "0 0 L * *",
                "0 0 ? * *",
                "0 0 * * 5#2",
                "0 0 15W * *",
                "@reboot",
                "@hourly @hourly",
                "0 0 * * * ; rm -rf",
                "\u0661 * * * *",
                "0\n0 * * *",
                "0 0 * * * 2099"
            })
    void what_is_no_cron_text_is_refused(String text) {
        assertThatThrownBy(() -> CronExpression.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void a_long_text_is_refused_before_anything_reads_it() {
        assertThatThrownBy(() -> CronExpression.parse("0" + ",0".repeat(5_000) + " * * * *"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10009 characters, expected at most 200");
    }

    @Test
    void there_is_an_end_of_time() {
        CronExpression cron = CronExpression.parse("0 0 1 1 *");

        assertThat(cron.nextAfter(Instant.parse("9998-06-01T00:00:00Z"), UTC, 5))
                .containsExactly(Instant.parse("9999-01-01T00:00:00Z"));
        assertThat(cron.nextAfter(Instant.parse("9999-12-31T23:59:59.999Z"), UTC))
                .isEmpty();
        assertThat(cron.lastUpTo(Instant.parse("9999-12-31T23:59:59Z"), Instant.EPOCH, UTC))
                .contains(Instant.parse("9999-01-01T00:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "*/2 * * * * *,2026-03-01T11:59:58Z",
        "0 * * * *,2026-03-01T11:00:00Z",
        "0 0 * * *,2026-03-01T00:00:00Z",
        "0 0 1 1 *,2026-01-01T00:00:00Z",
        "0 0 29 2 *,2024-02-29T00:00:00Z"
    })
    void the_last_time_is_found_however_long_ago_it_is(String text, Instant last) {
        CronExpression cron = CronExpression.parse(text);
        Instant at = Instant.parse("2026-03-01T11:59:59Z");

        assertThat(cron.lastUpTo(at, Instant.EPOCH, UTC)).contains(last);
        assertThat(cron.lastUpTo(last, Instant.EPOCH, UTC)).contains(last);
        assertThat(cron.lastUpTo(at, last, UTC)).isEmpty();
    }

    /** Of each minute it is asked whether the text means it, by another program. */
    @Property(tries = 300)
    void the_times_are_those_of_a_simpler_reading(
            @ForAll("fields") Fields fields, @ForAll("zones") String zone, @ForAll("minutes") long minute) {
        ZoneId zoneId = ZoneId.of(zone);
        Instant from = Instant.ofEpochSecond(minute * 60);
        Instant to = from.plus(Duration.ofDays(3));

        List<Instant> found = CronExpression.parse(fields.text()).nextAfter(from, zoneId, 4 * 24 * 60).stream()
                .filter(time -> !time.isAfter(to))
                .toList();

        assertThat(found)
                .as("%s in %s after %s", fields.text(), zone, from)
                .isEqualTo(simply(fields, zoneId, from, to));
    }

    private static List<Instant> simply(Fields fields, ZoneId zone, Instant from, Instant to) {
        List<Instant> times = new ArrayList<>();
        if (fields.isWildcard()) {
            for (Instant at = from.plusSeconds(60); !at.isAfter(to); at = at.plusSeconds(60)) {
                if (fields.mean(at.atZone(zone).toLocalDateTime())) {
                    times.add(at);
                }
            }
            return times;
        }
        LocalDateTime end = LocalDateTime.ofInstant(to, ZoneOffset.UTC).plusDays(2);
        for (LocalDateTime local = LocalDateTime.ofInstant(from, ZoneOffset.UTC).minusDays(2);
                local.isBefore(end);
                local = local.plusMinutes(1)) {
            if (fields.mean(local)) {
                // A time that does not exist is moved by the length of the gap; cut, it is at the gap's end.
                ZonedDateTime moved = local.atZone(zone);
                Instant at = moved.toLocalDateTime().equals(local)
                        ? moved.withEarlierOffsetAtOverlap().toInstant()
                        : zone.getRules().getTransition(local).getInstant();
                if (at.isAfter(from) && !at.isAfter(to) && !times.contains(at)) {
                    times.add(at);
                }
            }
        }
        return times;
    }

    /** A cron text of steps and numbers, and what it means. */
    record Fields(int minute, boolean everyMinute, int hour, boolean everyHour, int day, int weekday) {
        String text() {
            return (everyMinute ? "*/" + minute : String.valueOf(minute)) + " "
                    + (everyHour ? "*/" + hour : hour + "," + (hour + 1)) + " "
                    + (day == 0 ? "*" : "1-" + day) + " * " + (weekday == 0 ? "*" : String.valueOf(weekday));
        }

        boolean isWildcard() {
            return everyMinute || everyHour;
        }

        boolean mean(LocalDateTime time) {
            boolean atMinute = everyMinute ? time.getMinute() % minute == 0 : time.getMinute() == minute;
            boolean atHour =
                    everyHour ? time.getHour() % hour == 0 : time.getHour() == hour || time.getHour() == hour + 1;
            boolean onDay = time.getDayOfMonth() <= day;
            boolean onWeekday = time.getDayOfWeek().getValue() == weekday;
            boolean onDate =
                    day == 0 && weekday == 0 || (day == 0 ? onWeekday : weekday == 0 ? onDay : onDay || onWeekday);
            return atMinute && atHour && onDate;
        }
    }

    @Provide
    Arbitrary<Fields> fields() {
        return Combinators.combine(
                        Arbitraries.integers().between(5, 59),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 20),
                        Arbitraries.integers().between(0, 7))
                .as(Fields::new);
    }

    @Provide
    Arbitrary<String> zones() {
        return Arbitraries.of(
                "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Africa/Cairo");
    }

    /** Around the changes of 2026. */
    @Provide
    Arbitrary<Long> minutes() {
        return Arbitraries.of(
                        "2026-02-14T00:00:00Z",
                        "2026-03-07T00:00:00Z",
                        "2026-03-21T00:00:00Z",
                        "2026-03-28T00:00:00Z",
                        "2026-04-03T12:00:00Z",
                        "2026-04-23T00:00:00Z",
                        "2026-10-02T12:00:00Z",
                        "2026-10-24T00:00:00Z",
                        "2026-10-31T00:00:00Z")
                .flatMap(start -> Arbitraries.longs()
                        .between(0, 2_000)
                        .map(minutes -> Instant.parse(start).getEpochSecond() / 60 + minutes));
    }
}
