package io.tailrace.edge.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * WebSocket over HTTP/1.1: what a stream appends is whole frames already, so they are bytes on the connection. The last
 * of them is a Close, and the end is the client's answer to it.
 */
final class WebSocketFraming implements Framing {
    private final Upgrade.Wanted upgrade;
    private @Nullable ChannelPromise answered;

    WebSocketFraming(Upgrade.Wanted upgrade) {
        this.upgrade = upgrade;
    }

    @Override
    public byte[] head(ChannelHandlerContext to, Map<String, String> headers) {
        return upgrade.head(headers);
    }

    @Override
    public void write(ChannelHandlerContext to, ByteBuf bytes) {
        Http1Framing.INSTANCE.write(to, bytes);
    }

    @Override
    public long unsentBytes(ChannelHandlerContext to) {
        return Http1Framing.INSTANCE.unsentBytes(to);
    }

    @Override
    public long pendingBytes(ChannelHandlerContext to) {
        return Http1Framing.INSTANCE.pendingBytes(to);
    }

    @Override
    public void whenSent(ChannelHandlerContext to, Runnable sent) {
        Http1Framing.INSTANCE.whenSent(to, sent);
    }

    /** RFC 6455, section 7.1.1: the connection is closed when both have sent a Close, first by the server. */
    @Override
    public ChannelFuture end(ChannelHandlerContext to) {
        ChannelPromise promise = to.newPromise();
        answered = promise;
        return promise;
    }

    /** Whether the edge has sent its Close, behind which there must be nothing. */
    boolean hasEnded() {
        return answered != null;
    }

    /** The client has sent a Close; whether that answers one of the edge. */
    boolean answered() {
        ChannelPromise promise = answered;
        return promise != null && (promise.trySuccess() || promise.isDone());
    }
}
