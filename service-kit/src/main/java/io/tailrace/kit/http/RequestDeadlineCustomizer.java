package io.tailrace.kit.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Puts {@link RequestDeadline} into every connection. It is the last customizer, so that it comes directly behind the
 * codec, before handlers that others insert there: it must see every request and every answer.
 */
@Singleton
final class RequestDeadlineCustomizer implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    private final HttpSettings settings;
    private final Counter timeouts;

    RequestDeadlineCustomizer(HttpSettings settings, @Nullable MeterRegistry meters) {
        this.settings = settings;
        this.timeouts = Counter.builder("tailrace.http.request.timeouts")
                .description("Requests that took too long to arrive")
                .register(meters == null ? Metrics.globalRegistry : meters);
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        NettyServerCustomizer.Registry registry = event.getBean();
        registry.register(new ForServer());
        return registry;
    }

    private final class ForServer implements NettyServerCustomizer, Ordered {
        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }

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
        public void onStreamPipelineBuilt() {
            ChannelPipeline pipeline = channel.pipeline();
            if (pipeline.get(ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC) != null) {
                pipeline.addAfter(
                        ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC,
                        RequestDeadline.NAME,
                        new RequestDeadline(settings, timeouts::increment));
            }
        }
    }
}
