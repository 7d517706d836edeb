package io.tailrace.ingest.notification;

import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of each day in which a person is not to be disturbed. Immutable; pure.
 *
 * <p>It begins and ends at instants: {@code from} is the first one at which a clock on the wall shows that time, {@code to} the last one,
 * and in the place of a time that a clock skips it is the first moment after the gap. So when clocks are set back, quiet hours are not
 * shorter than a clock shows.
 *
 * @param from {@code HH:MM}
 * @param to {@code HH:MM}; on the next day if it is before {@code from}
 * @param except kinds of notifications that come nevertheless
 */
@Introspected
public record QuietHours(String from, String to, List<String> except) {
    /** Copies the kinds. */
    public QuietHours {
        except = List.copyOf(except);
    }

    /**
     * When the quiet hours end that there are at {@code now}; null if there are none.
     *
     * @param zone whose clock counts
     */
    public @Nullable Instant endOf(Instant now, ZoneId zone) {
        LocalDate today = now.atZone(zone).toLocalDate();
        Instant end = null;
        // Quiet hours that a change of the clock moves can begin on the day before, and lie over midnight besides.
        for (LocalDate day = today.minusDays(2); !day.isAfter(today.plusDays(1)); day = day.plusDays(1)) {
            Instant begins = instant(day, LocalTime.parse(from), zone.getRules(), false);
            boolean overMidnight = to.compareTo(from) < 0;
            Instant ends = instant(overMidnight ? day.plusDays(1) : day, LocalTime.parse(to), zone.getRules(), true);
            // Where a clock skips a day, those of the next day begin when these end.
            Instant until = end == null ? now : end;
            if (!begins.isAfter(until) && ends.isAfter(until)) {
                end = ends;
            }
        }
        return end;
    }

    private static Instant instant(LocalDate day, LocalTime time, ZoneRules rules, boolean last) {
        ZoneOffsetTransition transition = rules.getTransition(day.atTime(time));
        if (transition == null) {
            return day.atTime(time).toInstant(rules.getOffset(day.atTime(time)));
        }
        if (transition.isGap()) {
            return transition.getInstant();
        }
        return day.atTime(time).toInstant(last ? transition.getOffsetAfter() : transition.getOffsetBefore());
    }
}
