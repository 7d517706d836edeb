package io.tailrace.kit.http;

import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import org.jspecify.annotations.Nullable;

/** Where handlers of requests stand in the pipeline of an HTTP/1.1 connection or of an HTTP/2 stream. */
public final class GuardedPipeline {
    private GuardedPipeline() {}

    /**
     * The handler between bytes or frames and requests; null in the pipeline of an HTTP/2 connection, whose streams have
     * them.
     */
    public static @Nullable ChannelHandlerContext codec(ChannelPipeline pipeline) {
        ChannelHandlerContext stream = pipeline.context(ChannelPipelineCustomizer.HANDLER_HTTP_DECODER);
        // By its type, because Micronaut does not name it on a connection that may still turn out to be HTTP/2.
        return stream == null ? pipeline.context(HttpServerCodec.class) : stream;
    }

    /**
     * Adds a handler that sees requests before every other, but for the deadline of their arrival. Does nothing where
     * there are no requests.
     */
    public static void addFirst(ChannelPipeline pipeline, String name, ChannelHandler handler) {
        ChannelHandlerContext codec = codec(pipeline);
        if (codec != null) {
            boolean guarded = pipeline.get(RequestDeadline.NAME) != null;
            pipeline.addAfter(guarded ? RequestDeadline.NAME : codec.name(), name, handler);
        }
    }

    /** Adds the deadline directly behind the codec, whether other handlers are there already or not. */
    static void addDeadline(ChannelPipeline pipeline, RequestDeadline deadline) {
        ChannelHandlerContext codec = codec(pipeline);
        if (codec != null) {
            pipeline.addAfter(codec.name(), RequestDeadline.NAME, deadline);
        }
    }
}
