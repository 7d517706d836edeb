package io.tailrace.kit.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPipeline;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the connections of the server in number, and in the time that a request may take to arrive.
 *
 * <p>{@link RequestDeadline} comes directly behind the codec, before handlers that others insert there: it must see
 * every request and every answer.
 */
@Singleton
final class ConnectionGuard implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    private final HttpSettings settings;
    private final AtomicInteger open = new AtomicInteger();
    private final Counter refused;
    private final Counter timeouts;

    ConnectionGuard(HttpSettings settings, @Nullable MeterRegistry registry) {
        MeterRegistry meters = registry == null ? Metrics.globalRegistry : registry;
        this.settings = settings;
        this.refused = Counter.builder("tailrace.http.connections.refused")
                .description("Connections over tailrace.http.max-connections")
                .register(meters);
        this.timeouts = Counter.builder("tailrace.http.request.timeouts")
                .description("Requests that took too long to arrive")
                .register(meters);
        var unused = Gauge.builder("tailrace.http.connections", open, AtomicInteger::get)
                .description("Open connections, streams among them")
                .register(meters);
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        NettyServerCustomizer.Registry registry = event.getBean();
        registry.register(new ForServer());
        return registry;
    }

    private final class ForServer implements NettyServerCustomizer {
        @Override
        public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
            return role == ChannelRole.CONNECTION ? new ForConnection(channel) : this;
        }
    }

    private final class ForConnection implements NettyServerCustomizer {
        private final Channel channel;

        private ForConnection(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void onInitialPipelineBuilt() {
            int number = open.incrementAndGet();
            channel.closeFuture().addListener(closed -> open.decrementAndGet());
            if (number > settings.maxConnections()) {
                refused.increment();
                // After the pipeline is complete and the channel is active.
                channel.eventLoop().execute(() -> channel.pipeline()
                        .firstContext()
                        .writeAndFlush(BareAnswers.tooManyConnections(settings.retryAfter()))
                        .addListener(ChannelFutureListener.CLOSE));
            }
        }

        /**
         * In a task of its own: it runs when all customizers have done their work, whatever their order, and before the
         * first byte is read, because that comes in a later task of the same loop.
         */
        @Override
        public void onStreamPipelineBuilt() {
            channel.eventLoop().execute(() -> {
                ChannelPipeline pipeline = channel.pipeline();
                if (pipeline.get(ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC) != null) {
                    pipeline.addAfter(
                            ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC,
                            RequestDeadline.NAME,
                            new RequestDeadline(settings, timeouts::increment));
                }
            });
        }
    }
}
