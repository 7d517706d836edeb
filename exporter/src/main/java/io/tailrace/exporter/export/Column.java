package io.tailrace.exporter.export;

/**
 * A column of an export.
 *
 * @param name in snake_case
 * @param kind what its values are
 */
public record Column(String name, Kind kind) {
    /** What values are. */
    public enum Kind {
        /** A {@code Long}. */
        INTEGER,
        /** A {@code Double}. */
        REAL,
        /** A {@code String}. */
        TEXT,
        /** An {@code Instant}, to the microsecond. */
        TIME
    }
}
