package io.tailrace.search.document;

import java.util.Optional;

/**
 * A field of a document, by the name that people and programs use.
 *
 * @param name its name
 * @param kind what can be asked of it
 */
public record SearchField(String name, Kind kind) {
    /** What can be asked of a field, and so how it is indexed. */
    public enum Kind {
        /** An identifier: equality and its beginning. */
        ID,
        /** A value such as a phone number: equality, its beginning, and any part of it. */
        PARTS,
        /** The digits of another field, whose name this one's begins with; not part of the answer. */
        DIGITS,
        /** Words, with their beginnings and typing errors, and any part of the whole. */
        WORDS,
        /** A moment. */
        TIME,
        /** A whole number. */
        NUMBER;

        /** Whether any part of the value can be asked for. */
        public boolean hasParts() {
            return this == PARTS || this == DIGITS || this == WORDS;
        }
    }

    /** What a field of digits ends with. */
    public static final String DIGITS_SUFFIX = "_digits";

    /** The field that this one repeats, or itself. */
    public String source() {
        return kind == Kind.DIGITS ? name.substring(0, name.length() - DIGITS_SUFFIX.length()) : name;
    }

    /** The folded value, see {@link Folding}; as words, if the field has them. Digits are what they are. */
    public String folded() {
        return kind == Kind.DIGITS ? name : name + "_folded";
    }

    /** The folded value, against which a pattern is checked that is for any case. */
    public String foldedParts() {
        return switch (kind) {
            case WORDS, DIGITS -> folded() + ".parts";
            default -> folded();
        };
    }

    /** The field of short pieces by which parts in any case are found where the server has no type for that. */
    public String grams() {
        return name + "_grams";
    }

    /**
     * The same for parts as they are written. Only values that folding changes have it, and only those of fields in which
     * that is rare.
     */
    public Optional<String> casedGrams() {
        return kind == Kind.PARTS ? Optional.of(name + "_cased_grams") : Optional.empty();
    }

    /** The value as it is written, against which a pattern is checked that has a case. */
    public String parts() {
        return name + ".parts";
    }
}
