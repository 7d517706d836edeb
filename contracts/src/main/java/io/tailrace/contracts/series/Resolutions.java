package io.tailrace.contracts.series;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The resolutions that are kept, from the finest to the coarsest: each is a whole multiple of the one before, of which its windows are
 * merged, and at most {@value #MAX_RATIO} times as long. Immutable.
 *
 * @param all at least one
 */
public record Resolutions(List<Resolution> all) {
    /** What ships: a text for {@link #parse(String)}. */
    public static final String STANDARD = "1s=2d, 10s=14d, 1m=90d, 1h=1830d";

    private static final int MAX_RESOLUTIONS = 8;

    /** Of so many windows one is merged at most, each time that it is told. */
    private static final long MAX_RATIO = 600;

    private static final Pattern ENTRY = Pattern.compile("([1-9][0-9]{0,4})([smhd])=([1-9][0-9]{0,4})([smhd])");

    /** Checks the order. */
    public Resolutions {
        all = List.copyOf(all);
        if (all.isEmpty() || all.size() > MAX_RESOLUTIONS) {
            throw new IllegalArgumentException(
                    "resolutions: " + all.size() + ", expected 1 to " + MAX_RESOLUTIONS + " of them");
        }
        for (int i = 1; i < all.size(); i++) {
            Resolution finer = all.get(i - 1);
            Resolution coarser = all.get(i);
            if (coarser.lengthMs() <= finer.lengthMs() || coarser.lengthMs() % finer.lengthMs() != 0) {
                throw new IllegalArgumentException("resolution " + coarser.label() + " after " + finer.label()
                        + ": expected a whole multiple of it, because its windows are merged of those");
            }
            if (coarser.lengthMs() / finer.lengthMs() > MAX_RATIO) {
                throw new IllegalArgumentException("resolution " + coarser.label() + " after " + finer.label()
                        + ": expected at most " + MAX_RATIO + " times its length, because each window is merged of so"
                        + " many; put one in between");
            }
        }
    }

    /**
     * Reads a list such as {@value #STANDARD}: the length of a window, and how long its windows are kept.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static Resolutions parse(String text) {
        List<Resolution> all = new ArrayList<>();
        for (String entry : text.split(",", -1)) {
            Matcher matcher = ENTRY.matcher(entry.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "resolutions: \"" + entry.strip() + "\", expected a length and a retention such as 1m=90d");
            }
            String label = matcher.group(1) + matcher.group(2);
            all.add(new Resolution(
                    label,
                    duration(matcher.group(1), matcher.group(2)).toMillis(),
                    duration(matcher.group(3), matcher.group(4))));
        }
        return new Resolutions(all);
    }

    private static Duration duration(String number, String unit) {
        long count = Long.parseLong(number);
        return switch (unit) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /** The one with this label. */
    public Optional<Resolution> of(String label) {
        return all.stream().filter(each -> each.label().equals(label)).findFirst();
    }

    /** The shortest windows, of which all others are merged. */
    public Resolution finest() {
        return all.getFirst();
    }

    /** The longest windows. */
    public Resolution coarsest() {
        return all.getLast();
    }
}
