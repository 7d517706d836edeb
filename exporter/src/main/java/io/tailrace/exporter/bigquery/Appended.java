package io.tailrace.exporter.bigquery;

/** What BigQuery has answered to an append at a row. */
sealed interface Appended {
    /** The rows are in the table now. */
    record Written() implements Appended {}

    /**
     * The row is there already.
     *
     * @param end the row behind the last one that is there; negative if that was not said
     */
    record Exists(long end) implements Appended {}

    /**
     * Rows before it are missing.
     *
     * @param end the row behind the last one that is there; negative if that was not said
     */
    record Missing(long end) implements Appended {}
}
