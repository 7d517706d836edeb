package io.tailrace.ingest.log;

/** Who this service is, in the events that it writes. */
public final class EventSource {
    /** The attribute {@code source} of CloudEvents. */
    public static final String INGEST_API = "/tailrace/ingest-api";

    private EventSource() {}
}
