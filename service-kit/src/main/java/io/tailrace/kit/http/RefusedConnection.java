package io.tailrace.kit.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The first handler of a connection in clear text that is one too many: it takes the head of the first request and ends the
 * connection. A program is answered 503. An {@code EventSource} gives up for ever on that, but comes back by itself if its
 * connection ends without an answer (WHATWG HTML, section 9.2.3: a network error), so that is what it gets
 * (docs/decisions/0029). Whoever does not show a request in time is answered 503, too.
 */
final class RefusedConnection extends ChannelInboundHandlerAdapter {
    /** As much of a head as is looked at; browsers' are shorter, long cookies and channel lists aside. */
    private static final int MAX_HEAD_BYTES = 8192;

    private final HttpSettings settings;
    private final StringBuilder head = new StringBuilder();
    private boolean done;

    RefusedConnection(HttpSettings settings) {
        this.settings = settings;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        var timeout = ctx.executor()
                .schedule(() -> answer(ctx), settings.refusalWait().toMillis(), TimeUnit.MILLISECONDS);
        ctx.channel().closeFuture().addListener(closed -> timeout.cancel(false));
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes && !done) {
            int length = Math.min(bytes.readableBytes(), MAX_HEAD_BYTES - head.length());
            head.append(bytes.toString(bytes.readerIndex(), length, StandardCharsets.ISO_8859_1));
        }
        ReferenceCountUtil.release(message);
        if (head.indexOf("\r\n\r\n") < 0 && head.length() < MAX_HEAD_BYTES) {
            ctx.read();
        } else if (isEventSource(head.toString().toLowerCase(Locale.ROOT))) {
            done = true;
            ctx.close();
        } else {
            answer(ctx);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // The handlers behind this one have seen nothing of it.
    }

    private void answer(ChannelHandlerContext ctx) {
        if (!done) {
            done = true;
            ctx.writeAndFlush(BareAnswers.tooManyConnections(settings.retryAfter()))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** By the headers that all browsers send for one, and programs do not send together. */
    private static boolean isEventSource(String head) {
        return head.contains("\r\naccept: text/event-stream\r\n")
                && head.contains("\r\ncache-control: no-cache\r\n")
                && (head.contains("\r\nsec-fetch-mode:")
                        || head.contains("\r\norigin:")
                        || head.contains("\r\nreferer:"));
    }
}
