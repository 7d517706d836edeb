package io.tailrace.kit.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose client takes too long to send a request, as one does that sends a byte a second: an idle timeout
 * would never see it. It sits behind the HTTP codec; whatever else handles requests sits behind it.
 *
 * <p>There is a deadline while a request is wanted and none is being answered, and while the body of one arrives. While an
 * answer is under way there is none, so an endless answer (a stream, a WebSocket) is left alone. A long body has the same time again for each
 * {@value #PATIENCE_BYTES} bytes and more that came in it. Used by one event loop.
 */
final class RequestDeadline extends ChannelDuplexHandler {
    static final String NAME = "tailrace-request-deadline";

    /** At 60 s these are 17 kB a second: less is no upload, but somebody who holds a connection. */
    private static final long PATIENCE_BYTES = 1024 * 1024;

    /** What is awaited from the client. */
    private enum Awaiting {
        FIRST_HEAD,
        NEXT_HEAD,
        BODY
    }

    private final HttpSettings settings;
    private final Runnable onTimeout;

    private Awaiting awaiting = Awaiting.FIRST_HEAD;
    private int unanswered;
    private boolean answering;
    private long arrivedBytes;
    private @Nullable ScheduledFuture<?> deadline;

    /** A deadline for one connection; {@code onTimeout} is told of each that passed. */
    RequestDeadline(HttpSettings settings, Runnable onTimeout) {
        this.settings = settings;
        this.onTimeout = onTimeout;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        arm(context);
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

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            disarm();
            RequestVersion.check(request);
            unanswered++;
            awaiting = Awaiting.BODY;
            arrivedBytes = 0;
        }
        if (message instanceof HttpContent content) {
            arrivedBytes += content.content().readableBytes();
        }
        if (message instanceof LastHttpContent) {
            disarm();
            awaiting = Awaiting.NEXT_HEAD;
        }
        context.fireChannelRead(message);
    }

    /** Most requests arrive in one piece: only what is unfinished after all that was read needs a timer. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        arm(context);
        context.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (message instanceof HttpResponse && !interim) {
            answering = true;
        }
        if (message instanceof LastHttpContent && !interim && unanswered > 0) {
            unanswered--;
            answering = false;
            arm(context);
        }
        context.write(message, promise);
    }

    private void arm(ChannelHandlerContext context) {
        boolean waits = awaiting == Awaiting.BODY || unanswered == 0;
        if (deadline == null && waits && context.channel().isActive()) {
            long timeoutMs =
                    switch (awaiting) {
                        case FIRST_HEAD -> settings.headTimeout().toMillis();
                        case NEXT_HEAD -> settings.keepAliveTimeout().toMillis();
                        case BODY -> settings.requestTimeout().toMillis();
                    };
            deadline = context.executor().schedule(() -> expire(context), timeoutMs, TimeUnit.MILLISECONDS);
        }
    }

    private void disarm() {
        if (deadline != null) {
            var unused = deadline.cancel(false);
            deadline = null;
        }
    }

    private void expire(ChannelHandlerContext context) {
        deadline = null;
        if (awaiting == Awaiting.BODY && arrivedBytes >= PATIENCE_BYTES) {
            arrivedBytes = 0;
            arm(context);
            return;
        }
        // A connection that waits for its next request is closed without a word, as every server does.
        if (awaiting == Awaiting.NEXT_HEAD || answering) {
            context.close();
            return;
        }
        onTimeout.run();
        context.writeAndFlush(BareAnswers.requestTimeout()).addListener(ChannelFutureListener.CLOSE);
    }
}
