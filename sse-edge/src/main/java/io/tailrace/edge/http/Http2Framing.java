package io.tailrace.edge.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import java.util.ArrayDeque;
import java.util.Map;

/**
 * HTTP/2: HEADERS and DATA frames of one stream among others on a connection (RFC 9113). What is beyond the window that the
 * client has opened for the stream waits here and keeps the stream from being writable, and the others from nothing.
 */
final class Http2Framing implements Framing {
    /** What was written and not sent. Each has a reference of ours, so that what is left of it can be looked at. */
    private final ArrayDeque<ByteBuf> unsent = new ArrayDeque<>();

    @Override
    public byte[] head(ChannelHandlerContext to, Map<String, String> headers) {
        to.write(new DefaultHttp2HeadersFrame(StreamHead.fields(headers)));
        return new byte[0];
    }

    @Override
    public void write(ChannelHandlerContext to, ByteBuf bytes) {
        unsent.addLast(bytes.retain());
        to.writeAndFlush(new DefaultHttp2DataFrame(bytes)).addListener(written -> {
            // Frames of a stream are sent in their order. When the stream is reset they fail, and which one a call is
            // for
            // does not matter then.
            ByteBuf sent = unsent.pollFirst();
            if (sent != null) {
                sent.release();
            }
        });
    }

    /** By what is left of each buffer: the codec takes from it as the client opens the window, byte by byte if it must. */
    @Override
    public long unsentBytes(ChannelHandlerContext to) {
        long sum = 0;
        for (ByteBuf bytes : unsent) {
            sum += bytes.readableBytes();
        }
        return sum;
    }

    @Override
    public ChannelFuture end(ChannelHandlerContext to) {
        return to.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
    }
}
