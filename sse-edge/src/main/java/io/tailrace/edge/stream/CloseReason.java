package io.tailrace.edge.stream;

/** Why the edge closes a stream, as told in {@code stream.closing}. */
public enum CloseReason {
    /** The stream's token has ended; a client may come back with a new one. */
    TOKEN_EXPIRED("token_expired", false, 1008),
    /** The last channel was removed or revoked. */
    NO_CHANNELS("no_channels", false, 1008),
    /** The edge shuts down; another takes over. */
    DRAINING("draining", true, 1001),
    /** The edge has too many connections and this was the oldest. */
    OVERLOADED("overloaded", true, 1013),
    /** The client has not read for the stall timeout. It is not told, because it does not read. */
    STALLED("stalled", true, 1001),
    /** The client has not answered a ping for the pong timeout. It is not told, because it is most likely gone. */
    UNANSWERED("unanswered", true, 1001),
    /** An operator closed it. */
    ADMIN("admin", true, 1001);

    private final String text;
    private final boolean reconnect;
    private final int webSocketCode;

    CloseReason(String text, boolean reconnect, int webSocketCode) {
        this.text = text;
        this.reconnect = reconnect;
        this.webSocketCode = webSocketCode;
    }

    /** The word on the wire. */
    public String text() {
        return text;
    }

    /** Whether the client is asked to reconnect with what it has. */
    public boolean reconnect() {
        return reconnect;
    }

    /**
     * The status code of a Close frame: 1001 (going away), 1008 (policy violation) or 1013 (try again later), as RFC 6455,
     * section 7.4.1, and the registry of IANA name them.
     */
    public int webSocketCode() {
        return webSocketCode;
    }
}
