package io.tailrace.edge.stream;

/** Why a cursor can't be used, as told in {@code stream.reset}. */
public enum ResetReason {
    /** The id is not a cursor. The channels start where new ones do. */
    MALFORMED("malformed"),
    /** The topic was deleted and created again since. The channels start at the oldest event of the new one. */
    OTHER_GENERATION("other_generation"),
    /** The offset is beyond the end of the log. The channels start at the end of the log. */
    BEYOND_END("beyond_end"),
    /**
     * What was read is not in the log any more: a broker without it was elected, or has lost it. The channels start where the
     * log was cut, or at its oldest event if that is not known.
     */
    TRUNCATED("truncated");

    private final String text;

    ResetReason(String text) {
        this.text = text;
    }

    /** The word on the wire. */
    public String text() {
        return text;
    }
}
