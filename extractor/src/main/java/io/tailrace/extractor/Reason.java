package io.tailrace.extractor;

import java.util.Locale;

/** Why a file has no text. The time limit is not among them: whoever starts this program ends it. */
enum Reason {
    /** It cannot be read without a password. */
    ENCRYPTED,
    /** It is not what its beginning says. */
    DAMAGED,
    /** It has more pages, text or parts than is allowed, or takes more memory. */
    TOO_LARGE,
    /** Nothing here reads such files. */
    UNSUPPORTED,
    /** It was read, and there are no letters in it: a scan, for instance. */
    NO_TEXT;

    /** The name in frames. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
