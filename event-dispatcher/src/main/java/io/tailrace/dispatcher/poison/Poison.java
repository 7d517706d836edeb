package io.tailrace.dispatcher.poison;

import java.util.Locale;

/**
 * Why a record cannot be used.
 *
 * @param kind the class of the fault, for counting
 * @param reason the fault itself, for a person to read: the offending name or value and what was expected
 */
public record Poison(Kind kind, String reason) {
    /** A class of faults. */
    public enum Kind {
        /** No value where the topic's records must have one. */
        NULL_VALUE,
        /** The CloudEvents headers are missing or wrong, or the value cannot be framed. */
        ENVELOPE,
        /** A type that does not belong into the topic. */
        UNKNOWN_TYPE,
        /** The value is not the JSON that its type asks for. */
        VALUE,
        /** The key is not the one that the value asks for, so the record may be in the wrong partition. */
        KEY,
        /** Larger than what may be derived from it: see the setting {@code max-event-bytes}. */
        TOO_LARGE,
        /** The topology threw: a bug of ours, or a fault that none of the other kinds foresees. */
        PROCESSING,
        /** The record could not be deserialised. Cannot happen while we read bytes. */
        DESERIALISATION,
        /** The broker refused a record that was derived from this one. */
        PRODUCTION;

        /** The name as it stands in headers and metrics, for example {@code null_value}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
