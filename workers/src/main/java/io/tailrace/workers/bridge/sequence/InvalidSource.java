package io.tailrace.workers.bridge.sequence;

/** A source says what no source may say. */
public final class InvalidSource extends Exception {
    private static final long serialVersionUID = 1L;

    /** What it says, and what was expected. */
    public InvalidSource(String message) {
        super(message);
    }
}
