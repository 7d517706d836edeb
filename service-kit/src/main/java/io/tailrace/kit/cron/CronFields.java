package io.tailrace.kit.cron;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The times of a cron text as sets of numbers, each a bit of a {@code long}. They are times of a calendar and a clock; what they are in
 * a time zone is {@link CronExpression}'s. Immutable.
 *
 * @param weekdays 0 is Sunday, 6 Saturday
 * @param eitherDay whether it is enough that one of day and weekday fits, and not both: neither of the two begins with an asterisk
 * @param wildcard whether one of seconds, minutes and hours begins with an asterisk
 */
record CronFields(
        long seconds,
        long minutes,
        long hours,
        long days,
        long months,
        long weekdays,
        boolean eitherDay,
        boolean wildcard) {
    /** The calendar repeats itself within 40 years for this purpose: the 29th of February falls on each weekday in them. */
    private static final int HORIZON_YEARS = 41;

    private static final int LAST_YEAR = 9999;
    private static final int DAYS_OF_WEEK = 7;

    /**
     * The first time after another.
     *
     * @return null if there is none within 41 years, and so none at all, or none before the year 10,000
     */
    @Nullable
    LocalDateTime next(LocalDateTime after) {
        LocalDateTime from = after.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        LocalTime time = from.toLocalTime();
        LocalDate date = from.toLocalDate();
        int lastYear = Math.min(LAST_YEAR, date.getYear() + HORIZON_YEARS);
        while (date.getYear() <= lastYear) {
            if (!has(months, date.getMonthValue())) {
                date = date.withDayOfMonth(1).plusMonths(1);
            } else {
                LocalTime found = isDay(date) ? next(time) : null;
                if (found != null) {
                    return date.atTime(found);
                }
                date = date.plusDays(1);
            }
            time = LocalTime.MIDNIGHT;
        }
        return null;
    }

    private boolean isDay(LocalDate date) {
        boolean day = has(days, date.getDayOfMonth());
        boolean weekday = has(weekdays, date.getDayOfWeek().getValue() % DAYS_OF_WEEK);
        return eitherDay ? day || weekday : day && weekday;
    }

    /** The first time of a day from one on, or null. */
    private @Nullable LocalTime next(LocalTime from) {
        for (int hour = first(hours, from.getHour()); hour >= 0; hour = first(hours, hour + 1)) {
            boolean sameHour = hour == from.getHour();
            for (int minute = first(minutes, sameHour ? from.getMinute() : 0);
                    minute >= 0;
                    minute = first(minutes, minute + 1)) {
                boolean sameMinute = sameHour && minute == from.getMinute();
                int second = first(seconds, sameMinute ? from.getSecond() : 0);
                if (second >= 0) {
                    return LocalTime.of(hour, minute, second);
                }
            }
        }
        return null;
    }

    private static boolean has(long set, int number) {
        return (set >>> number & 1) != 0;
    }

    /** The first number of a set from one on, or -1. */
    private static int first(long set, int from) {
        long rest = from >= Long.SIZE ? 0 : set >>> from << from;
        return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
    }
}
