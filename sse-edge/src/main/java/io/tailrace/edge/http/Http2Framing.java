package io.tailrace.edge.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import java.util.ArrayDeque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2: HEADERS and DATA frames of one stream among others on a connection (RFC 9113). What is beyond the window that the
 * client has opened for the stream waits here and keeps the stream from being writable, and the others from nothing.
 */
final class Http2Framing implements Framing {
    /** What was written and not sent. Each has a reference of ours, so that what is left of it can be looked at. */
    private final ArrayDeque<ByteBuf> unsent = new ArrayDeque<>();

    /** The lengths of these buffers as they were written; a buffer's memory is free when all of it is sent. */
    private long pendingBytes;

    private @Nullable Runnable sent;

    @Override
    public byte[] head(ChannelHandlerContext to, Map<String, String> headers) {
        to.write(new DefaultHttp2HeadersFrame(StreamHead.fields(headers)));
        return new byte[0];
    }

    @Override
    public void write(ChannelHandlerContext to, ByteBuf bytes) {
        unsent.addLast(bytes.retain());
        int length = bytes.readableBytes();
        pendingBytes += length;
        to.writeAndFlush(new DefaultHttp2DataFrame(bytes)).addListener(written -> {
            // Frames of a stream are sent in their order. When the stream is reset they fail, and which one a call is
            // for
            // does not matter then.
            pendingBytes -= length;
            ByteBuf first = unsent.pollFirst();
            if (first != null) {
                first.release();
            }
            Runnable waiting = sent;
            if (unsent.isEmpty() && waiting != null) {
                sent = null;
                waiting.run();
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
    public long pendingBytes(ChannelHandlerContext to) {
        return pendingBytes;
    }

    @Override
    public void whenSent(ChannelHandlerContext to, Runnable then) {
        if (unsent.isEmpty()) {
            then.run();
        } else {
            sent = then;
        }
    }

    @Override
    public ChannelFuture end(ChannelHandlerContext to) {
        return to.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
    }
}
