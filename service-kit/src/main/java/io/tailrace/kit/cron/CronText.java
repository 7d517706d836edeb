package io.tailrace.kit.cron;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.value.FieldValue;
import com.cronutils.parser.CronParser;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Cron texts, read by cron-utils and then taken apart into {@link CronFields}. Stateless. */
final class CronText {
    private static final String VALUE = "(?:[0-9]{1,2}|[A-Za-z]{3})";
    private static final String ITEM = "(?:\\*|" + VALUE + "(?:-" + VALUE + ")?)(?:/[0-9]{1,2})?";

    /** What a field may be. The library takes more, and some of it for something else. */
    private static final Pattern FIELD = Pattern.compile(ITEM + "(?:," + ITEM + ")*");

    private static final int MAX_LENGTH = 200;
    private static final int UNIX_FIELDS = 5;
    private static final int FIELDS = 6;
    private static final int SUNDAY = 7;

    private static final String EXPECTED = "expected five fields (minute, hour, day, month, weekday), six with seconds"
            + " before them, or one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually";

    private static final Map<String, String> NICKNAMES = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    private static final CronDefinition DEFINITION = CronDefinitionBuilder.defineCron()
            .withSeconds()
            .withValidRange(0, 59)
            .and()
            .withMinutes()
            .withValidRange(0, 59)
            .and()
            .withHours()
            .withValidRange(0, 23)
            .and()
            .withDayOfMonth()
            .withValidRange(1, 31)
            .and()
            .withMonth()
            .withValidRange(1, 12)
            .and()
            .withDayOfWeek()
            .withValidRange(0, 7)
            .withMondayDoWValue(1)
            .withIntMapping(7, 0)
            .and()
            .instance();

    private CronText() {}

    static CronFields parse(String text) {
        String stripped = text.strip();
        if (stripped.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    stripped.length() + " characters, expected at most " + MAX_LENGTH + "; " + EXPECTED);
        }
        String plain = NICKNAMES.getOrDefault(stripped.toLowerCase(Locale.ROOT), stripped);
        String[] words = plain.split(" +");
        if (words.length != UNIX_FIELDS && words.length != FIELDS || plain.startsWith("@")) {
            throw new IllegalArgumentException(EXPECTED);
        }
        for (String word : words) {
            if (!FIELD.matcher(word).matches()) {
                throw new IllegalArgumentException(
                        "a field is none (those with L, W, # and ? are not known); " + EXPECTED);
            }
        }
        String six = (words.length == UNIX_FIELDS ? "0 " : "") + String.join(" ", words);
        try {
            return fields(new CronParser(DEFINITION).parse(six), six.split(" "));
        } catch (RuntimeException e) {
            // The library has more kinds than it says, IndexOutOfBoundsException among them.
            throw new IllegalArgumentException(e.getMessage() + "; " + EXPECTED, e);
        }
    }

    private static CronFields fields(Cron cron, String[] words) {
        boolean wildcard = words[0].startsWith("*") || words[1].startsWith("*") || words[2].startsWith("*");
        boolean eitherDay = !words[3].startsWith("*") && !words[5].startsWith("*");
        long weekdays = set(cron, CronFieldName.DAY_OF_WEEK, 0, SUNDAY);
        return new CronFields(
                set(cron, CronFieldName.SECOND, 0, 59),
                set(cron, CronFieldName.MINUTE, 0, 59),
                set(cron, CronFieldName.HOUR, 0, 23),
                set(cron, CronFieldName.DAY_OF_MONTH, 1, 31),
                set(cron, CronFieldName.MONTH, 1, 12),
                // Sunday is 0 and 7.
                (weekdays | weekdays >>> SUNDAY) & (1L << SUNDAY) - 1,
                eitherDay,
                wildcard);
    }

    private static long set(Cron cron, CronFieldName name, int least, int most) {
        return set(cron.retrieve(name).getExpression(), least, most);
    }

    /** Checks the numbers itself: the library does not look into lists. */
    private static long set(FieldExpression expression, int least, int most) {
        return switch (expression) {
            case Always _ -> range(least, most, 1, least, most);
            case On on -> range(number(on.getTime()), number(on.getTime()), 1, least, most);
            case Between between -> range(between, 1, least, most);
            case Every every -> {
                int step = every.getPeriod().getValue();
                yield switch (every.getExpression()) {
                    // Of weekdays, those from 0 to 6.
                    case Always _ -> range(least, most == SUNDAY ? SUNDAY - 1 : most, step, least, most);
                    case On on -> range(number(on.getTime()), most, step, least, most);
                    case Between between -> range(between, step, least, most);
                    default -> throw new IllegalArgumentException("a step behind " + expression.asString());
                };
            }
            case And and -> {
                long all = 0;
                for (FieldExpression one : and.getExpressions()) {
                    all |= set(one, least, most);
                }
                yield all;
            }
            default -> throw new IllegalArgumentException("what is " + expression.asString() + "?");
        };
    }

    private static long range(Between between, int step, int least, int most) {
        int from = number(between.getFrom());
        int to = number(between.getTo());
        // Until Sunday.
        return range(from, most == SUNDAY && to == 0 && from > 0 ? SUNDAY : to, step, least, most);
    }

    private static int number(FieldValue<?> value) {
        return Integer.parseInt(String.valueOf(value.getValue()));
    }

    private static long range(int from, int to, int step, int least, int most) {
        if (step < 1) {
            throw new IllegalArgumentException("a step of " + step + ", expected at least 1");
        }
        if (from < least || to > most || from > to) {
            throw new IllegalArgumentException(from + " to " + to + ", expected numbers from " + least + " to " + most
                    + ", the smaller one first");
        }
        long set = 0;
        for (long number = from; number <= to; number += step) {
            set |= 1L << number;
        }
        return set;
    }
}
