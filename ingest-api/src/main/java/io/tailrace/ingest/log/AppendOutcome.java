package io.tailrace.ingest.log;

/** What became of one entry. */
public sealed interface AppendOutcome {
    /**
     * All in-sync replicas have it.
     *
     * @param partition its partition
     * @param offset its offset
     */
    record Appended(int partition, long offset) implements AppendOutcome {}

    /**
     * No acknowledgement in time. It may be in the log nevertheless, or get there within moments.
     *
     * @param reason for the log of this service
     */
    record Unknown(String reason) implements AppendOutcome {}

    /**
     * It is not in the log and never will be.
     *
     * @param reason for the log of this service
     */
    record NotSent(String reason) implements AppendOutcome {}
}
