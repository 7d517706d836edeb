package io.tailrace.kit.series;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.tailrace.contracts.series.Resolutions;
import java.time.Duration;

/**
 * Which windows there are. The dispatcher that makes them, the projections that keep them and the API that reads them share it.
 * Immutable.
 *
 * @param resolutions the lengths of windows and how long each is kept in PostgreSQL, from the finest to the coarsest, each a whole
 *     multiple of the one before. The same for all services
 * @param grace how long after the end of its finest window a reading is still counted; a later one is dropped and counted as such. It
 *     bounds what the dispatcher keeps of each metric
 * @param ahead how far ahead of the log's time a reading may be; one from farther ahead is dropped, because its window would be kept
 *     until that time has come. More than {@code tailrace.metrics.max-future}, by as much as clocks differ
 * @param readings how long PostgreSQL keeps the readings themselves; the log keeps them for ever
 */
@ConfigurationProperties("tailrace.series")
public record SeriesSettings(
        @Bindable(defaultValue = Resolutions.STANDARD) String resolutions,
        @Bindable(defaultValue = "10m") Duration grace,
        @Bindable(defaultValue = "2h") Duration ahead,
        @Bindable(defaultValue = "7d") Duration readings) {
    /** Checks the ranges. */
    public SeriesSettings {
        Resolutions parsed = parse(resolutions);
        if (grace.isNegative() || grace.compareTo(parsed.finest().retention()) > 0) {
            throw new IllegalArgumentException("tailrace.series.grace: " + grace
                    + ", expected 0 to the retention of the finest resolution, "
                    + parsed.finest().retention());
        }
        if (ahead.isNegative() || ahead.toDays() > 30) {
            throw new IllegalArgumentException("tailrace.series.ahead: " + ahead + ", expected 0 to 30 days");
        }
        if (readings.toHours() < 1) {
            throw new IllegalArgumentException("tailrace.series.readings: " + readings + ", expected at least an hour");
        }
    }

    /** The resolutions, parsed. */
    public Resolutions all() {
        return parse(resolutions);
    }

    private static Resolutions parse(String text) {
        try {
            return Resolutions.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tailrace.series.resolutions: " + e.getMessage(), e);
        }
    }
}
