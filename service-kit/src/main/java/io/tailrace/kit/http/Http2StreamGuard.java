package io.tailrace.kit.http;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2UnknownFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before everything else in the pipeline of an HTTP/2 stream, and lets nothing in that is no request: those behind it
 * take headers without a method for trailers, and a client's faults for the server's, with an answer of 500 and a stack trace in
 * the log. A malformed request is an error of its stream (RFC 9113, section 8.1.1), and frames of unknown types are discarded
 * (section 5.5). Used by one event loop.
 */
final class Http2StreamGuard extends ChannelInboundHandlerAdapter {
    private static final String NAME = "tailrace-http2-stream-guard";
    private static final String NAME_BEHIND = "tailrace-http2-request-guard";

    private static final Logger LOG = LoggerFactory.getLogger(Http2StreamGuard.class);

    private static final int VALID = -1;
    private static final char DELETE = 0x7f;

    private boolean begun;
    private boolean refused;

    private Http2StreamGuard() {}

    /** Adds one to the pipeline of a stream that has its codec and nothing of ours behind it that must not see a fault. */
    static void add(ChannelPipeline pipeline) {
        ChannelHandlerContext codec = GuardedPipeline.codec(pipeline);
        if (codec != null) {
            Http2StreamGuard guard = new Http2StreamGuard();
            pipeline.addAfter(codec.name(), NAME_BEHIND, guard.behindCodec());
            pipeline.addFirst(NAME, guard);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!begun && message instanceof Http2HeadersFrame frame) {
            begun = true;
            if (!isRequest(frame.headers())) {
                refuse(context);
            }
        }
        if (refused || message instanceof Http2UnknownFrame) {
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

    /** Hears of headers that the codec cannot write as those of HTTP/1.1, as a value with a control character (section 8.2.1). */
    private ChannelHandler behindCodec() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                if (cause instanceof DecoderException) {
                    LOG.debug("a stream is reset: {}", cause.getMessage());
                    refuse(context);
                } else {
                    context.fireExceptionCaught(cause);
                }
            }
        };
    }

    private void refuse(ChannelHandlerContext context) {
        if (!refused) {
            refused = true;
            context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.PROTOCOL_ERROR));
        }
    }

    /**
     * RFC 9113, section 8.3.1. {@code CONNECT}, which has no path, is for proxies. For a method or a target that cannot stand in
     * the first line of HTTP/1.1 the codec would lose a buffer.
     */
    private static boolean isRequest(Http2Headers headers) {
        return isThere(headers.method())
                && HttpHeaderValidationUtil.validateToken(headers.method()) == VALID
                && isThere(headers.path())
                && headers.path().chars().noneMatch(c -> c <= ' ' || c == DELETE)
                && isThere(headers.scheme());
    }

    private static boolean isThere(@Nullable CharSequence value) {
        return value != null && !value.isEmpty();
    }
}
