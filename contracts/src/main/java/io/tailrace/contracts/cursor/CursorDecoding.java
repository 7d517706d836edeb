package io.tailrace.contracts.cursor;

/** What a text that claims to be a cursor turned out to be. A caller must handle both, so it is a value. */
public sealed interface CursorDecoding {
    /** A cursor. */
    record Decoded(Cursor cursor) implements CursorDecoding {}

    /**
     * Not a cursor.
     *
     * @param fault the kind of fault
     * @param detail what was found and what was expected, fit to be shown to the client that sent it
     */
    record Malformed(Fault fault, String detail) implements CursorDecoding {}

    /** Why a text is not a cursor. */
    enum Fault {
        /** Nothing at all. */
        EMPTY,
        /** Longer than any cursor. */
        TOO_LONG,
        /** A character that base64url does not have, padding, or a length that it cannot have. */
        NOT_BASE64URL,
        /** Made by a version of the codec that this one does not know. */
        UNKNOWN_VERSION,
        /** Damaged: the checksum does not fit. */
        CHECKSUM,
        /** It ends before it is complete. */
        TRUNCATED,
        /** It goes on after its end. */
        TRAILING_BYTES,
        /** A number is out of its range, out of order, or not in its shortest form. */
        INVALID_NUMBER
    }
}
