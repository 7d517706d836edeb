package io.tailrace.projections.drive;

/**
 * The log ends before the position of the rows, or has no leader epoch as late as theirs: they hold what the log has lost. Seen
 * once it may be a broker that starts.
 */
final class LogTooShort extends Exception {
    private static final long serialVersionUID = 1L;

    LogTooShort(String message) {
        super(message);
    }
}
