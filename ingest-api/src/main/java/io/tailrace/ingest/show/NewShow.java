package io.tailrace.ingest.show;

import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A show, as an organizer sent it.
 *
 * @param name what it is called
 * @param startsAt when it begins
 * @param sections its blocks of seats, in the order in which they are shown
 * @param holdSeconds how long a hold lasts if the buyer does not say
 * @param maxHoldSeconds the longest hold
 * @param maxSeatsPerUser how many seats one person may have, held and confirmed together
 */
@Introspected
record NewShow(
        @Nullable String name,
        @Nullable Instant startsAt,
        @Nullable List<@Nullable NewSection> sections,
        @Nullable Integer holdSeconds,
        @Nullable Integer maxHoldSeconds,
        @Nullable Integer maxSeatsPerUser) {
    private static final int MAX_NAME = 200;
    private static final BigDecimal MAX_PRICE = new BigDecimal(1_000_000_000);
    private static final int MAX_DECIMALS = 4;

    /**
     * A block of seats.
     *
     * @param name of the seats' ids: {@code NAME-ROW-NUMBER}
     * @param rows how many rows
     * @param seatsPerRow how many seats in each
     * @param price per seat
     */
    @Introspected
    record NewSection(
            @Nullable String name, @Nullable Integer rows, @Nullable Integer seatsPerRow, @Nullable BigDecimal price) {}

    /**
     * The show, checked.
     *
     * @param now the time of the request
     * @throws io.tailrace.kit.problem.ProblemException 400 with every fault
     */
    Show checked(UUID id, String organizer, Instant now, ShowSettings settings) {
        Faults faults = new Faults();
        faults.add("name", Texts.lineFault(name, MAX_NAME));
        faults.add("starts_at", startFault(now, settings));
        List<Section> blocks = sections(faults, settings);
        int longest = or(maxHoldSeconds, Math.max(settings.maxHoldSeconds(), or(holdSeconds, 0)));
        int hold = or(holdSeconds, Math.min(settings.holdSeconds(), longest));
        int seats = or(maxSeatsPerUser, settings.maxSeatsPerUser());
        faults.add(
                maxHoldSeconds == null && holdSeconds != null ? "hold_seconds" : "max_hold_seconds",
                rangeFault(longest, Show.HOLD_CAP_SECONDS));
        if (longest >= 1 && longest <= Show.HOLD_CAP_SECONDS) {
            faults.add("hold_seconds", rangeFault(hold, longest));
        }
        faults.add("max_seats_per_user", rangeFault(seats, Show.USER_CAP));
        faults.throwIfAny();
        return new Show(id, organizer, String.valueOf(name), required(startsAt), blocks, hold, longest, seats);
    }

    private @Nullable String startFault(Instant now, ShowSettings settings) {
        Instant latest = now.plus(settings.maxAhead());
        if (startsAt == null) {
            return "is missing, expected a time in the future";
        }
        return startsAt.isAfter(now) && startsAt.isBefore(latest)
                ? null
                : startsAt + ", expected a time in the future and before " + latest;
    }

    private List<Section> sections(Faults faults, ShowSettings settings) {
        List<Section> blocks = new ArrayList<>();
        if (sections == null || sections.isEmpty() || sections.size() > settings.maxSections()) {
            int found = sections == null ? 0 : sections.size();
            faults.add("sections", found + " sections, expected 1 to " + settings.maxSections());
            return blocks;
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < sections.size(); i++) {
            Section block = section(faults, "sections[" + i + "]", sections.get(i));
            if (block != null) {
                blocks.add(block);
                faults.add(
                        "sections[" + i + "].name",
                        names.add(block.name()) ? null : Texts.shown(block.name()) + ", expected distinct names");
            }
        }
        long seats = blocks.stream().mapToLong(Section::seats).sum();
        if (seats > Show.MAX_SEATS) {
            faults.add("sections", seats + " seats, expected 1 to " + Show.MAX_SEATS);
        }
        return blocks;
    }

    private static @Nullable Section section(Faults faults, String place, @Nullable NewSection wanted) {
        if (wanted == null) {
            faults.add(place, "null, expected an object {name, rows, seats_per_row, price}");
            return null;
        }
        String label = wanted.name();
        String nameFault = label != null && label.matches("[A-Za-z0-9]{1,16}")
                ? null
                : (label == null ? "is missing" : Texts.shown(label)) + ", expected 1 to 16 characters of [A-Za-z0-9]";
        String rowsFault = sideFault(wanted.rows());
        String seatsFault = sideFault(wanted.seatsPerRow());
        String priceFault = priceFault(wanted.price());
        faults.add(place + ".name", nameFault);
        faults.add(place + ".rows", rowsFault);
        faults.add(place + ".seats_per_row", seatsFault);
        faults.add(place + ".price", priceFault);
        boolean sound = nameFault == null && rowsFault == null && seatsFault == null && priceFault == null;
        return sound
                ? new Section(
                        String.valueOf(label),
                        required(wanted.rows()),
                        required(wanted.seatsPerRow()),
                        required(wanted.price()))
                : null;
    }

    private static @Nullable String sideFault(@Nullable Integer side) {
        return side == null ? "is missing, expected 1 to " + Section.MAX_SIDE : rangeFault(side, Section.MAX_SIDE);
    }

    private static @Nullable String priceFault(@Nullable BigDecimal price) {
        String expected = "expected 0 to " + MAX_PRICE + " with at most " + MAX_DECIMALS + " decimals";
        if (price == null) {
            return "is missing, " + expected;
        }
        boolean sound = price.signum() >= 0 && price.compareTo(MAX_PRICE) <= 0 && price.scale() <= MAX_DECIMALS;
        return sound ? null : Texts.shown(price.toString()) + ", " + expected;
    }

    private static @Nullable String rangeFault(int value, int most) {
        return value >= 1 && value <= most ? null : value + ", expected 1 to " + most;
    }

    private static int or(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("what is missing is a fault");
        }
        return value;
    }
}
