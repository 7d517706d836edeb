package io.tailrace.kit.json;

/** A payload that is not what its type promises. */
public final class UnreadablePayload extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /** With a reason that names the field, what it is and what was expected. */
    public UnreadablePayload(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Why, for a person. */
    public String reason() {
        return reason;
    }
}
