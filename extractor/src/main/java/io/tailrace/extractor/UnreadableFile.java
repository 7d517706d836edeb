package io.tailrace.extractor;

import org.jspecify.annotations.Nullable;

/** A file that has no text for us. */
final class UnreadableFile extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    UnreadableFile(Reason reason, @Nullable Throwable cause) {
        super(reason.label(), cause);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
