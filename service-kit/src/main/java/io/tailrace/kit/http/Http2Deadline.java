package io.tailrace.kit.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends an HTTP/2 connection that has had no open stream for too long: from its start, so that one that sends its first
 * headers a byte at a time is ended too, and between requests. Streams have their own deadline each, a {@link
 * RequestDeadline}. Used by one event loop.
 */
final class Http2Deadline extends ChannelInboundHandlerAdapter {
    static final String NAME = "tailrace-http2-deadline";

    private static final Logger LOG = LoggerFactory.getLogger(Http2Deadline.class);

    /** As long as Netty waits by default, but for the kind of codec that is used here, which does not wait at all. */
    private static final long STREAMS_END_MS = 30_000;

    private final HttpSettings settings;
    private @Nullable ScheduledFuture<?> deadline;

    Http2Deadline(HttpSettings settings) {
        this.settings = settings;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        Http2FrameCodec codec = context.pipeline().get(Http2FrameCodec.class);
        // A server that stops closes its connections; they end with the last of their streams, as the service ends
        // those.
        codec.gracefulShutdownTimeoutMillis(STREAMS_END_MS);
        codec.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamActive(Http2Stream stream) {
                disarm();
            }

            @Override
            public void onStreamRemoved(Http2Stream stream) {
                if (codec.connection().numActiveStreams() == 0) {
                    arm(context, settings.keepAliveTimeout().toMillis());
                }
            }
        });
        arm(context, settings.headTimeout().toMillis());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        disarm();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        disarm();
        context.fireChannelInactive();
    }

    /** Nothing has moved in either direction for {@code tailrace.http.idle-timeout}. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent idle && idle.state() == IdleState.ALL_IDLE) {
            context.pipeline().get(Http2FrameCodec.class).gracefulShutdownTimeoutMillis(0);
            context.channel().close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    /** A client's fault, which the codec has answered with GOAWAY already: nothing for the log. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
            context.fireExceptionCaught(cause);
        } else {
            LOG.debug("a connection is closed: {}", cause.getMessage());
        }
    }

    private void arm(ChannelHandlerContext context, long timeoutMs) {
        disarm();
        if (context.channel().isActive()) {
            // Through the whole pipeline: the codec says GOAWAY first.
            deadline = context.executor().schedule(() -> context.channel().close(), timeoutMs, TimeUnit.MILLISECONDS);
        }
    }

    private void disarm() {
        if (deadline != null) {
            var unused = deadline.cancel(false);
            deadline = null;
        }
    }
}
