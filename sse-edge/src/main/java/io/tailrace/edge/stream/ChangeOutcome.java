package io.tailrace.edge.stream;

/** What became of a request to change an open stream's channels. */
public enum ChangeOutcome {
    /** It is done or under way; the stream tells the outcome. */
    ACCEPTED,
    /** The stream is closed already. */
    CLOSED,
    /** The client does not read, and too many changes wait to be told to it. Nothing was done; it is told that. */
    BUSY
}
