package io.tailrace.edge.stream;

/** Why the edge closes a stream, as told in {@code stream.closing}. */
public enum CloseReason {
    /** The stream's token has ended; a client may come back with a new one. */
    TOKEN_EXPIRED("token_expired", false),
    /** The last channel was removed or revoked. */
    NO_CHANNELS("no_channels", false),
    /** The edge shuts down; another takes over. */
    DRAINING("draining", true),
    /** The edge has too many connections and this was the oldest. */
    OVERLOADED("overloaded", true),
    /** The client has not read for the stall timeout. It is not told, because it does not read. */
    STALLED("stalled", true),
    /** An operator closed it. */
    ADMIN("admin", true);

    private final String text;
    private final boolean reconnect;

    CloseReason(String text, boolean reconnect) {
        this.text = text;
        this.reconnect = reconnect;
    }

    /** The word on the wire. */
    public String text() {
        return text;
    }

    /** Whether the client is asked to reconnect with what it has. */
    public boolean reconnect() {
        return reconnect;
    }
}
