package io.tailrace.edge.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.util.Map;

/**
 * How the answer that is a stream becomes messages of its channel, by the version of HTTP or as a WebSocket. Used on the channel's event loop
 * only.
 */
sealed interface Framing permits Http1Framing, Http2Framing, WebSocketFraming {
    /**
     * The head of the answer.
     *
     * @param headers more headers; names in lower case, names and values without control characters
     * @return bytes that have to go before the first of the body; what is not bytes is written by now, and not flushed
     */
    byte[] head(ChannelHandlerContext to, Map<String, String> headers);

    /** Writes and flushes a part of the body, and takes the reference to it over. */
    void write(ChannelHandlerContext to, ByteBuf bytes);

    /** Bytes of the body that were written and that the network, or the client's window, has not taken. */
    long unsentBytes(ChannelHandlerContext to);

    /** Ends the body; the future completes when everything has been sent, and the connection may be closed. */
    ChannelFuture end(ChannelHandlerContext to);
}
