package io.tailrace.kit.extract;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a file has no text. */
public enum ExtractionFault {
    /** It cannot be read without a password. */
    ENCRYPTED,
    /** It is not what its beginning says, or its reader died over it. */
    DAMAGED,
    /** It has more pages, text or parts than is allowed, or takes more memory. */
    TOO_LARGE,
    /** Its reader did not end in time. */
    TOOK_TOO_LONG,
    /** Nothing here reads such files. */
    UNSUPPORTED,
    /** It was read, and there are no letters in it: a scan, for instance. */
    NO_TEXT;

    /** The name that clients see. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The fault with a name. */
    public static Optional<ExtractionFault> of(String label) {
        return Arrays.stream(values())
                .filter(fault -> fault.label().equals(label))
                .findFirst();
    }
}
