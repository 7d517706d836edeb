package io.tailrace.ingest.remotewrite;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.tailrace.kit.http.GuardedPipeline;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Renames the content encoding of remote-write. Prometheus says {@code snappy} and means Snappy's block format; Micronaut would take it
 * for the framing format and fail.
 */
@Singleton
final class RemoteWriteEncoding implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    /** The header that the service reads in its place. What a client sends under this name is dropped. */
    static final String ENCODING = "Tailrace-Content-Encoding";

    static final String SNAPPY = "snappy";

    private static final String PATH = "/api/v1/write";

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        event.getBean().register(new Customizer(null));
        return event.getBean();
    }

    private record Customizer(@Nullable Channel channel) implements NettyServerCustomizer {
        @Override
        public NettyServerCustomizer specializeForChannel(Channel connection, ChannelRole role) {
            return new Customizer(connection);
        }

        @Override
        public void onStreamPipelineBuilt() {
            if (channel != null) {
                GuardedPipeline.addFirst(channel.pipeline(), "tailrace-remote-write", new Renaming());
            }
        }
    }

    private static final class Renaming extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            if (message instanceof HttpRequest request && isRemoteWrite(request.uri())) {
                var headers = request.headers().remove(ENCODING);
                if (HttpHeaderValues.SNAPPY.contentEqualsIgnoreCase(headers.get(HttpHeaderNames.CONTENT_ENCODING))) {
                    headers.remove(HttpHeaderNames.CONTENT_ENCODING).set(ENCODING, SNAPPY);
                }
            }
            super.channelRead(context, message);
        }

        private static boolean isRemoteWrite(String uri) {
            return uri.startsWith(PATH) && (uri.length() == PATH.length() || uri.charAt(PATH.length()) == '?');
        }
    }
}
