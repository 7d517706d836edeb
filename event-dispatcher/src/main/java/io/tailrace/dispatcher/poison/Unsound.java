package io.tailrace.dispatcher.poison;

/** A fault found on the way through a record; {@link FactReader#read} turns it into a value. */
public final class Unsound extends Exception {
    private static final long serialVersionUID = 1L;

    private final Poison.Kind kind;

    /**
     * A fault.
     *
     * @param kind its class
     * @param reason the offending name or value, and what was expected
     */
    public Unsound(Poison.Kind kind, String reason) {
        // It never leaves the reader, so nobody would see a stack trace.
        super(reason, null, false, false);
        this.kind = kind;
    }

    Poison poison() {
        return new Poison(kind, String.valueOf(getMessage()));
    }
}
