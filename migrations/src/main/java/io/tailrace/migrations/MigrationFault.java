package io.tailrace.migrations;

/** A database that could not be brought to where it should be. The message is one line, fit for the person who ran it. */
public final class MigrationFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MigrationFault(String message) {
        super(oneLine(message));
    }

    MigrationFault(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
