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

    /** Bytes of the body whose memory is not free yet, at the cost of a few field reads. */
    long pendingBytes(ChannelHandlerContext to);

    /** Calls once when everything that was written until now is sent, or never will be. On the event loop; may be at once. */
    void whenSent(ChannelHandlerContext to, Runnable sent);

    /** Ends the body; the future completes when everything has been sent, and the connection may be closed. */
    ChannelFuture end(ChannelHandlerContext to);
}
