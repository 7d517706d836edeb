package io.tailrace.standalone.service;

import io.tailrace.standalone.Fault;
import io.tailrace.standalone.supervision.CoordinatorWatch;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;

/**
 * How {@code up} watches over the coordinators of its broker. Documented by hand in the page of settings, because the
 * supervisor runs before any service reads settings.
 *
 * @param patience how long a coordinator may not answer, though the broker does, before the broker is started again
 * @param restarts how many such restarts in a row; 0: it only says so
 */
public record CoordinatorSettings(Duration patience, int restarts) {
    /** The variable of {@link #patience}. */
    public static final String PATIENCE = "TAILRACE_UP_COORDINATOR_PATIENCE";

    /** The variable of {@link #restarts}. */
    public static final String RESTARTS = "TAILRACE_UP_COORDINATOR_RESTARTS";

    /**
     * Half a minute: a broker on two busy cores has read its offsets and transactions, a few segments of 1 MB, in a tenth of
     * that. Three restarts: what a restart cures, the first one nearly always does.
     */
    public static final CoordinatorSettings DEFAULT = new CoordinatorSettings(Duration.ofSeconds(30), 3);

    /** A row of restarts ends when the broker has worked for so long. */
    private static final Duration FORGIVE_AFTER = Duration.ofMinutes(10);

    /**
     * Reads the variables; those that are not set have their defaults.
     *
     * @throws Fault if one cannot be read or is out of its range; the message names it
     */
    public static CoordinatorSettings of(Map<String, String> environment) {
        String patience = environment.getOrDefault(PATIENCE, "");
        String restarts = environment.getOrDefault(RESTARTS, "");
        CoordinatorSettings settings = new CoordinatorSettings(
                patience.isBlank() ? DEFAULT.patience() : duration(patience.strip()),
                restarts.isBlank() ? DEFAULT.restarts() : number(restarts.strip()));
        try {
            var unused = settings.limits();
        } catch (IllegalArgumentException e) {
            throw new Fault(PATIENCE + " and " + RESTARTS + ": " + e.getMessage(), e);
        }
        return settings;
    }

    CoordinatorWatch.Limits limits() {
        return new CoordinatorWatch.Limits(patience.toMillis(), restarts, FORGIVE_AFTER.toMillis());
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse("PT" + text);
        } catch (DateTimeParseException e) {
            throw new Fault(PATIENCE + " is " + text + ", expected for example 30s or 2m", e);
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Fault(RESTARTS + " is " + text + ", expected a number from 0 to 10", e);
        }
    }
}
