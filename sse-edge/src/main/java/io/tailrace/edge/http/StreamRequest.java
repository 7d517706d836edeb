package io.tailrace.edge.http;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.StartPosition;
import io.tailrace.edge.stream.StreamPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for, well-formed but not yet allowed.
 *
 * @param mode how events are framed, by the path
 * @param channels the channels, each once
 * @param start where channels without a position in the cursor start; null for the default of their namespace
 * @param lastEventId the last id that the client has, as it sent it; null if it is new
 * @param browserReconnect whether the id comes from a browser that reconnects by itself, or from a page that asks for a
 *     WebSocket: such a client can't read a 400 and would come back with the same id for ever
 * @param heartbeatSeconds the longest time without a {@code stream.heartbeat} event; 0 if none are wanted
 * @param token the token, if there is one
 */
record StreamRequest(
        StreamPlan.Mode mode,
        List<Channel> channels,
        @Nullable StartPosition start,
        @Nullable String lastEventId,
        boolean browserReconnect,
        int heartbeatSeconds,
        @Nullable Token token) {

    /**
     * A token as it was sent.
     *
     * @param jwt the token
     * @param optional whether it may be ignored when it is not valid: a cookie, which a browser sends unasked
     */
    record Token(String jwt, boolean optional) {
        /** Tokens reach no log. */
        @Override
        public String toString() {
            return "Token[optional=" + optional + "]";
        }
    }

    /** Copies the list. */
    StreamRequest {
        channels = List.copyOf(channels);
    }
}
