package io.tailrace.kit.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a cron text is due. Immutable; every method takes a bounded number of steps, whatever the text.
 *
 * <p>Daylight-saving time, as Vixie cron has it. A text of which seconds, minutes and hours name numbers (<em>fixed</em>) is due
 * once at each of its times: at the end of the gap if the time does not exist, at the first of the two if it comes twice. A text of
 * which one begins with an asterisk (<em>wildcard</em>) goes by what the clock shows: a time that does not exist is left out, and one
 * that comes twice is due twice.
 */
public final class CronExpression {
    /** More changes of an offset than there are in the time that is searched, in any zone. */
    private static final int MOST_CHANGES = 256;

    /** Ever longer looks back, so that the last time is found in a few steps, whether it is due every second or every four years. */
    private static final List<Duration> LOOKS_BACK = List.of(
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Duration.ofDays(1),
            Duration.ofDays(32),
            Duration.ofDays(1_000),
            Duration.ofDays(15_000));

    private final CronFields fields;

    CronExpression(CronFields fields) {
        this.fields = fields;
    }

    /**
     * Reads a cron text: five fields as in Unix (minute, hour, day of the month, month, weekday), six with seconds before them, or one
     * of {@code @hourly}, {@code @daily}, {@code @midnight}, {@code @weekly}, {@code @monthly}, {@code @yearly} and {@code @annually}.
     *
     * @throws IllegalArgumentException if it is none, or is never due; the message says why, without the name of a field
     */
    public static CronExpression parse(String text) {
        CronFields fields = CronText.parse(text);
        if (fields.next(LocalDateTime.of(2000, 1, 1, 0, 0).minusSeconds(1)) == null) {
            throw new IllegalArgumentException(
                    "is never due: none of its months has one of its days, expected a date that exists");
        }
        return new CronExpression(fields);
    }

    /**
     * The first time after another.
     *
     * @return empty if there is none before the year 10,000, or none in sight in this zone
     */
    public Optional<Instant> nextAfter(Instant after, ZoneId zone) {
        return Optional.ofNullable(
                fields.wildcard() ? nextByTheClock(after, zone.getRules()) : nextOnce(after, zone.getRules()));
    }

    /** The next times after one, at most so many. */
    public List<Instant> nextAfter(Instant after, ZoneId zone, int most) {
        List<Instant> times = new ArrayList<>(most);
        Optional<Instant> next = nextAfter(after, zone);
        while (next.isPresent() && times.size() < most) {
            times.add(next.get());
            next = nextAfter(next.get(), zone);
        }
        return times;
    }

    /** The last time up to {@code at} and after {@code after}, if there is one. */
    public Optional<Instant> lastUpTo(Instant at, Instant after, ZoneId zone) {
        for (Duration look : LOOKS_BACK) {
            Instant from = at.minus(look);
            boolean isWhole = !from.isAfter(after);
            Instant last = lastOf(isWhole ? after : from, at, zone);
            if (last != null || isWhole) {
                return Optional.ofNullable(last);
            }
        }
        return Optional.empty();
    }

    /** How many times there are after one and up to another, counted up to {@code most}. */
    public int count(Instant after, Instant upTo, ZoneId zone, int most) {
        int count = 0;
        Optional<Instant> next = nextAfter(after, zone);
        while (count < most && next.isPresent() && !next.get().isAfter(upTo)) {
            count++;
            next = nextAfter(next.get(), zone);
        }
        return count;
    }

    private @Nullable Instant lastOf(Instant after, Instant upTo, ZoneId zone) {
        Instant last = null;
        Optional<Instant> next = nextAfter(after, zone);
        while (next.isPresent() && !next.get().isAfter(upTo)) {
            last = next.get();
            next = nextAfter(last, zone);
        }
        return last;
    }

    /** Every time once. The instants of later times are never earlier, so the first one that is after will do. */
    private @Nullable Instant nextOnce(Instant after, ZoneRules rules) {
        LocalDateTime local = fields.next(LocalDateTime.ofInstant(after, rules.getOffset(after)));
        while (local != null) {
            List<ZoneOffset> offsets = rules.getValidOffsets(local);
            Instant at =
                    offsets.isEmpty() ? rules.getTransition(local).getInstant() : local.toInstant(offsets.getFirst());
            if (at.isAfter(after)) {
                return at;
            }
            local = fields.next(local);
        }
        return null;
    }

    private @Nullable Instant nextByTheClock(Instant after, ZoneRules rules) {
        Instant since = after;
        ZoneOffset offset = rules.getOffset(after);
        LocalDateTime local = LocalDateTime.ofInstant(after, offset);
        for (int changes = 0; changes < MOST_CHANGES; changes++) {
            LocalDateTime next = fields.next(local);
            if (next == null) {
                return null;
            }
            Instant at = next.toInstant(offset);
            ZoneOffsetTransition change = rules.nextTransition(since);
            if (change == null || at.isBefore(change.getInstant())) {
                return at;
            }
            since = change.getInstant();
            offset = change.getOffsetAfter();
            local = change.getDateTimeAfter().minusSeconds(1);
        }
        return null;
    }
}
