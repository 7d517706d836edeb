package io.tailrace.edge.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.Map;

/** HTTP/1.1: bytes on the connection, up to its end. One for all connections. */
final class Http1Framing implements Framing {
    static final Http1Framing INSTANCE = new Http1Framing();

    private Http1Framing() {}

    @Override
    public byte[] head(ChannelHandlerContext to, Map<String, String> headers) {
        return StreamHead.bytes(headers);
    }

    @Override
    public void write(ChannelHandlerContext to, ByteBuf bytes) {
        to.writeAndFlush(bytes, to.voidPromise());
    }

    @Override
    public long unsentBytes(ChannelHandlerContext to) {
        long[] sum = {0};
        ChannelOutboundBuffer outbound = to.channel().unsafe().outboundBuffer();
        if (outbound != null) {
            try {
                // Counted by what is left of each buffer, because Netty's own count falls only by whole ones.
                outbound.forEachFlushedMessage(message -> {
                    sum[0] += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
                    return true;
                });
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return sum[0];
    }

    @Override
    public long pendingBytes(ChannelHandlerContext to) {
        ChannelOutboundBuffer outbound = to.channel().unsafe().outboundBuffer();
        return outbound == null ? 0 : outbound.totalPendingWriteBytes();
    }

    /** By an empty buffer behind all others: only whoever has to wait pays for a promise. */
    @Override
    public void whenSent(ChannelHandlerContext to, Runnable sent) {
        to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> sent.run());
    }

    @Override
    public ChannelFuture end(ChannelHandlerContext to) {
        return to.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }
}
