package io.tailrace.kit.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before everything else in the pipeline of an HTTP/2 stream, and lets nothing in that is no request: those behind it
 * take headers without a method for trailers, and a client's faults for the server's, with an answer of 500 and a stack trace in
 * the log. A malformed request is an error of its stream (RFC 9113, section 8.1.1). Used by one event loop.
 */
final class Http2StreamGuard extends ChannelInboundHandlerAdapter {
    static final String NAME = "tailrace-http2-stream-guard";

    private static final Logger LOG = LoggerFactory.getLogger(Http2StreamGuard.class);

    private boolean begun;
    private boolean refused;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!begun && message instanceof Http2HeadersFrame frame) {
            begun = true;
            refused = !isRequest(frame.headers());
            if (refused) {
                context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR));
            }
        }
        if (refused) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    /** The stream is reset, with the error's code, by who has found it. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof Http2Exception) {
            LOG.debug("a stream is reset: {}", cause.getMessage());
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    /** RFC 9113, section 8.3.1. {@code CONNECT}, which has no path, is for proxies. */
    private static boolean isRequest(Http2Headers headers) {
        return isThere(headers.method()) && isThere(headers.path()) && isThere(headers.scheme());
    }

    private static boolean isThere(@Nullable CharSequence value) {
        return value != null && !value.isEmpty();
    }
}
