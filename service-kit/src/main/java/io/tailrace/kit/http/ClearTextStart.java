package io.tailrace.kit.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler.PriorKnowledgeUpgradeEvent;
import java.util.function.Consumer;

/**
 * Stands behind the HTTP/1.1 codec of a connection in clear text until it has shown which version it speaks.
 *
 * <p>HTTP/2 comes by prior knowledge alone. {@code Upgrade: h2c} is ignored, as RFC 9113 (section 3.1) has it: the handler
 * for it reads every request that carries an {@code Upgrade} of any kind into memory and refuses what is larger than a few
 * KiB. A first request goes around it, to Micronaut's next handler, which then makes this an HTTP/1.1 pipeline and sends the
 * request through it from the start.
 */
final class ClearTextStart extends ChannelInboundHandlerAdapter {
    static final String NAME = "tailrace-clear-text-start";

    private final Consumer<ChannelPipeline> onHttp2;

    /** For one connection; {@code onHttp2} is told when it turns out to speak HTTP/2. */
    ClearTextStart(Consumer<ChannelPipeline> onHttp2) {
        this.onHttp2 = onHttp2;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ChannelHandlerContext upgrade = context.pipeline().context(HttpServerUpgradeHandler.class);
        if (upgrade != null && message instanceof HttpMessage) {
            upgrade.fireChannelRead(message);
        } else {
            if (upgrade == null) {
                context.pipeline().remove(this);
            }
            context.fireChannelRead(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof PriorKnowledgeUpgradeEvent) {
            ChannelPipeline pipeline = context.pipeline();
            pipeline.remove(this);
            onHttp2.accept(pipeline);
        }
        context.fireUserEventTriggered(event);
    }
}
