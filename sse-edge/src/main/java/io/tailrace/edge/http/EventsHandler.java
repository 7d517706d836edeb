package io.tailrace.edge.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import io.tailrace.edge.stream.StreamPlan;
import io.tailrace.kit.http.GuardedPipeline;
import io.tailrace.kit.problem.ProblemType;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests for streams, of SSE or for a WebSocket, out of the pipeline of an HTTP/1.1 connection or an HTTP/2 stream, right behind the HTTP codec,
 * and leaves every other one to Micronaut. A stream is the last answer of its channel: when it opens, all HTTP handlers go
 * and a {@link StreamConnection} remains.
 *
 * <p>One per channel, used on its event loop. Responses keep the order of the requests: one for a stream that comes
 * while Micronaut still owes an answer waits for that, and nothing more is read meanwhile.
 */
final class EventsHandler extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(EventsHandler.class);

    private enum Phase {
        /** Requests go to Micronaut. */
        PASSING,
        /** A request for a stream waits for answers that Micronaut owes. */
        WAITING,
        /** It is being decided. */
        DECIDING,
        /** It was refused; the rest of it is still to come. */
        ENDING
    }

    private final StreamService service;
    private Phase phase = Phase.PASSING;
    private int owedAnswers;
    private boolean requestComplete;
    private boolean moreBehind;
    private boolean readHeldBack;
    private int discardedBytes;
    private @Nullable HttpRequest request;
    private Upgrade upgrade = new Upgrade.None();

    EventsHandler(StreamService service) {
        this.service = service;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (phase != Phase.PASSING) {
            discard(ctx, message);
        } else if (message instanceof HttpRequest next) {
            if (isForStream(next)) {
                begin(ctx, next);
            } else {
                owedAnswers++;
                ctx.fireChannelRead(message);
            }
        } else {
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        if (phase == Phase.WAITING || phase == Phase.DECIDING) {
            readHeldBack = true;
        } else {
            ctx.read();
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        boolean ends = message instanceof LastHttpContent && !interim;
        ctx.write(message, promise);
        if (ends && --owedAnswers == 0 && phase == Phase.WAITING) {
            // Not within Micronaut's own call, which has not finished with its answer.
            ctx.executor().execute(() -> decide(ctx));
        }
    }

    private static boolean isForStream(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return false;
        }
        String path = RequestReader.path(request.uri());
        return path.equals(RequestReader.EVENTS) || path.equals(RequestReader.WATCH);
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest next) {
        request = next;
        // One of HTTP/2 without a body is complete and has an empty buffer; what is used of it later is on the heap.
        ReferenceCountUtil.release(next);
        requestComplete = next instanceof LastHttpContent;
        moreBehind = false;
        discardedBytes = 0;
        phase = Phase.WAITING;
        if (owedAnswers == 0) {
            decide(ctx);
        }
    }

    /** What follows a request for a stream: its body, which means nothing, and requests that will get no answer. */
    private void discard(ChannelHandlerContext ctx, Object message) {
        moreBehind |= message instanceof HttpRequest;
        if (message instanceof HttpContent content && !moreBehind) {
            discardedBytes += content.content().readableBytes();
            requestComplete |= content instanceof LastHttpContent;
        }
        ReferenceCountUtil.release(message);
        if (discardedBytes > service.settings().discardBytes()) {
            ctx.close();
        } else if (phase == Phase.ENDING) {
            if (requestComplete) {
                phase = Phase.PASSING;
            }
            ctx.read();
        }
    }

    private void decide(ChannelHandlerContext ctx) {
        HttpRequest asked = request;
        if (asked == null || !ctx.channel().isActive()) {
            return;
        }
        phase = Phase.DECIDING;
        HttpMethod method = asked.method();
        if (method.equals(HttpMethod.OPTIONS)) {
            answer(ctx, asked, service.responses().options(asked));
        } else if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            refuse(
                    ctx,
                    asked,
                    Refusal.of(ProblemType.METHOD_NOT_ALLOWED, method + ", expected GET")
                            .with("Allow", "GET, HEAD, OPTIONS"));
        } else {
            upgrade = Upgrade.read(asked, !(ctx.channel() instanceof Http2StreamChannel));
            switch (upgrade) {
                case Upgrade.Broken(Refusal refusal) -> refuse(ctx, asked, refusal);
                case Upgrade.None none -> askFor(ctx, asked, false);
                case Upgrade.Wanted wanted -> askFor(ctx, asked, true);
            }
        }
    }

    private void askFor(ChannelHandlerContext ctx, HttpRequest asked, boolean webSocket) {
        String address = service.address(ctx.channel(), asked.headers());
        var unused = service.decide(
                        asked.uri(), asked.headers(), webSocket, address, service.page(ctx.channel(), asked.headers()))
                .handle((outcome, fault) -> {
                    if (ctx.executor().inEventLoop()) {
                        decided(ctx, asked, outcome, fault);
                    } else {
                        ctx.executor().execute(() -> decided(ctx, asked, outcome, fault));
                    }
                    return outcome;
                });
    }

    private void decided(
            ChannelHandlerContext ctx,
            HttpRequest asked,
            StreamService.@Nullable Outcome outcome,
            @Nullable Throwable fault) {
        if (!ctx.channel().isActive()) {
            return;
        }
        switch (outcome) {
            case null -> {
                LOG.error("the decision about {} failed", RequestReader.path(asked.uri()), fault);
                refuse(ctx, asked, Refusal.internal());
            }
            case StreamService.Refused(Refusal refusal) -> refuse(ctx, asked, refusal);
            case StreamService.Granted granted -> {
                if (asked.method().equals(HttpMethod.HEAD)) {
                    answer(ctx, asked, service.responses().head(asked));
                } else {
                    open(ctx, asked, granted);
                }
            }
        }
    }

    private void open(ChannelHandlerContext ctx, HttpRequest asked, StreamService.Granted granted) {
        Channel channel = ctx.channel();
        Framing framing = framing(channel);
        String address = service.address(channel, asked.headers());
        StreamConnection connection = service.connection(channel, framing, address);
        if (connection == null) {
            refuse(ctx, asked, service.full(address));
            return;
        }
        Map<String, String> headers = service.responses().streamHeaders(asked);
        ChannelPipeline pipeline = ctx.pipeline();
        String codec = Objects.requireNonNull(GuardedPipeline.codec(pipeline)).name();
        if (framing instanceof WebSocketFraming webSocket) {
            pipeline.addBefore(
                    codec,
                    "websocket-frames",
                    WebSocketInput.decoder(service.settings().clientFrameBytes()));
            pipeline.addBefore(codec, "websocket-input", new WebSocketInput(connection, webSocket));
        }
        pipeline.addBefore(codec, "stream", connection);
        boolean http = false;
        for (String name : pipeline.names()) {
            var handler = pipeline.get(name);
            http |= name.equals(codec);
            if (handler != null && (http || handler instanceof IdleStateHandler)) {
                pipeline.remove(handler);
            }
        }
        if (channel instanceof Http2StreamChannel) {
            // As above: a stream that is quiet, or whose client does not read, is looked after by its loop.
            ChannelPipeline connectionPipeline = channel.parent().pipeline();
            if (connectionPipeline.get(IdleStateHandler.class) != null) {
                connectionPipeline.remove(IdleStateHandler.class);
            }
        }
        // Micronaut reads by demand; a stream reads always, because that is how it learns that the client has gone.
        channel.config().setAutoRead(true);
        StreamPlan plan = granted.plan();
        connection.open(granted, headers);
        LOG.atDebug()
                .addKeyValue("connection_id", plan.connectionId())
                .log(
                        "stream {}: {} channels",
                        plan.connectionId(),
                        plan.channels().size());
    }

    private Framing framing(Channel channel) {
        return switch (upgrade) {
            case Upgrade.Wanted wanted -> new WebSocketFraming(wanted);
            case Upgrade.None none ->
                channel instanceof Http2StreamChannel ? new Http2Framing() : Http1Framing.INSTANCE;
            case Upgrade.Broken broken -> throw new IllegalStateException("was refused: " + broken.refusal());
        };
    }

    private void refuse(ChannelHandlerContext ctx, HttpRequest asked, Refusal refusal) {
        boolean asEvent = refusal.pause() != null
                && asked.method().equals(HttpMethod.GET)
                && upgrade instanceof Upgrade.None
                && EventSourceClient.wantsEvents(asked.uri(), asked.headers());
        service.refused(refusal, asEvent);
        if (asEvent) {
            // Not kept: what is refused because there is too much of it must not go on holding a connection.
            answer(
                    ctx,
                    asked,
                    service.responses().closing(asked, refusal),
                    ctx.channel() instanceof Http2StreamChannel);
        } else {
            answer(ctx, asked, service.responses().problem(asked, refusal));
        }
    }

    private void answer(ChannelHandlerContext ctx, HttpRequest asked, FullHttpResponse response) {
        answer(ctx, asked, response, true);
    }

    private void answer(
            ChannelHandlerContext ctx, HttpRequest asked, FullHttpResponse response, boolean mayKeepConnection) {
        boolean keepAlive = mayKeepConnection && HttpUtil.isKeepAlive(asked) && !moreBehind;
        HttpUtil.setKeepAlive(response, keepAlive);
        if (response.headers().contains(HttpHeaderNames.UPGRADE)) {
            response.headers().add(HttpHeaderNames.CONNECTION, HttpHeaderNames.UPGRADE);
        }
        request = null;
        phase = requestComplete ? Phase.PASSING : Phase.ENDING;
        var written = ctx.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        } else if (ctx.channel() instanceof Http2StreamChannel && !requestComplete) {
            // The rest of the request is of no use (RFC 9113, section 8.1), and the connection goes on without it.
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
        }
        if (readHeldBack || phase == Phase.ENDING) {
            readHeldBack = false;
            ctx.read();
        }
    }
}
