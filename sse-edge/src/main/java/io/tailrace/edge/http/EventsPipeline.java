package io.tailrace.edge.http;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.tailrace.kit.http.GuardedPipeline;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Puts an {@link EventsHandler} behind the codec of every HTTP/1.1 connection and HTTP/2 stream of Micronaut's server. */
@Singleton
final class EventsPipeline implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    private final Provider<StreamService> service;

    EventsPipeline(Provider<StreamService> service) {
        this.service = service;
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        event.getBean().register(new Customizer(service, null));
        return event.getBean();
    }

    private record Customizer(Provider<StreamService> service, @Nullable Channel channel)
            implements NettyServerCustomizer {
        @Override
        public NettyServerCustomizer specializeForChannel(Channel connection, ChannelRole role) {
            return new Customizer(service, connection);
        }

        @Override
        public void onStreamPipelineBuilt() {
            if (channel != null) {
                GuardedPipeline.addFirst(channel.pipeline(), "tailrace-events", new EventsHandler(service.get()));
            }
        }
    }
}
