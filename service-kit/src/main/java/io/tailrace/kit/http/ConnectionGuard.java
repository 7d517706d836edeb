package io.tailrace.kit.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.ssl.SslHandler;
import io.tailrace.kit.limit.ClientAddress;
import io.tailrace.kit.limit.ConnectionLimit;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the connections of the server in number, and in the time that a request may take to arrive.
 *
 * <p>{@link RequestDeadline} comes directly behind the codec of an HTTP/1.1 connection or an HTTP/2 stream, before handlers
 * that others insert there: it must see every request and every answer.
 */
@Singleton
final class ConnectionGuard implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    private final HttpSettings settings;
    private final ClientAddress addresses;
    private final ConnectionLimit limit;
    private final AtomicInteger refusing = new AtomicInteger();
    private final Counter refused;
    private final Counter refusedAddress;
    private final Counter timeouts;

    ConnectionGuard(HttpSettings settings, ClientAddress addresses, @Nullable MeterRegistry registry) {
        MeterRegistry meters = registry == null ? Metrics.globalRegistry : registry;
        this.settings = settings;
        this.addresses = addresses;
        this.limit = new ConnectionLimit(settings.maxConnections(), settings.maxConnectionsPerAddress());
        this.refusedAddress = Counter.builder("tailrace.http.connections.refused.address")
                .description("Connections over tailrace.http.max-connections-per-address")
                .register(meters);
        this.refused = Counter.builder("tailrace.http.connections.refused")
                .description("Connections over tailrace.http.max-connections")
                .register(meters);
        this.timeouts = Counter.builder("tailrace.http.request.timeouts")
                .description("Requests that took too long to arrive")
                .register(meters);
        var unused = Gauge.builder("tailrace.http.connections", limit, ConnectionLimit::open)
                .description("Open connections, streams among them")
                .register(meters);
        var unusedToo = Gauge.builder("tailrace.http.connections.refusing", refusing, AtomicInteger::get)
                .description("Connections over a limit whose requests are awaited, to know how to refuse them")
                .register(meters);
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        NettyServerCustomizer.Registry registry = event.getBean();
        registry.register(customizer());
        return registry;
    }

    NettyServerCustomizer customizer() {
        return new ForServer();
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
            // Here and not when its pipeline is complete, which is after the handshake with TLS.
            String address = addresses.countedPeer(channel.remoteAddress());
            switch (limit.take(address)) {
                case TAKEN -> channel.closeFuture().addListener(closed -> limit.release(address));
                case FULL -> refuse(refused);
                case ADDRESS_FULL -> refuse(refusedAddress);
            }
        }

        private void refuse(Counter reason) {
            reason.increment();
            // After the pipeline is complete and the channel is active.
            channel.eventLoop().execute(this::refuse);
        }

        @Override
        public NettyServerCustomizer specializeForChannel(Channel stream, ChannelRole role) {
            return role == ChannelRole.REQUEST_STREAM ? new ForStream(stream) : this;
        }

        /** Before the first byte is read; in clear text that byte tells the version of HTTP. */
        @Override
        public void onInitialPipelineBuilt() {
            ChannelPipeline pipeline = channel.pipeline();
            if (pipeline.get(Http2FrameCodec.class) != null) {
                pipeline.addLast(Http2Deadline.NAME, new Http2Deadline(settings));
                return;
            }
            GuardedPipeline.addDeadline(pipeline, new RequestDeadline(settings, timeouts::increment));
            if (pipeline.get(CleartextHttp2ServerUpgradeHandler.class) != null) {
                pipeline.addBefore(
                        RequestDeadline.NAME, ClearTextStart.NAME, new ClearTextStart(ForConnection.this::isHttp2));
            }
        }

        private void isHttp2(ChannelPipeline pipeline) {
            pipeline.remove(RequestDeadline.NAME);
            pipeline.addLast(Http2Deadline.NAME, new Http2Deadline(settings));
        }

        private void refuse() {
            ChannelPipeline pipeline = channel.pipeline();
            if (pipeline.get(SslHandler.class) != null) {
                channel.close();
            } else if (refusing.incrementAndGet() > settings.maxRefusalsWaiting()) {
                refusing.decrementAndGet();
                pipeline.firstContext()
                        .writeAndFlush(BareAnswers.tooManyConnections(settings.retryAfter()))
                        .addListener(ChannelFutureListener.CLOSE);
            } else {
                channel.closeFuture().addListener(closed -> refusing.decrementAndGet());
                pipeline.addFirst(new RefusedConnection(settings));
            }
        }
    }

    private final class ForStream implements NettyServerCustomizer {
        private final Channel channel;

        private ForStream(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void onStreamPipelineBuilt() {
            GuardedPipeline.addDeadline(channel.pipeline(), new RequestDeadline(settings, timeouts::increment));
            // After the deadline, which then stands behind it.
            Http2StreamGuard.add(channel.pipeline());
        }
    }
}
