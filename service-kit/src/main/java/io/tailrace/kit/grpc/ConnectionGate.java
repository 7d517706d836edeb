package io.tailrace.kit.grpc;

import io.grpc.ServerCredentials;
import io.grpc.internal.ObjectPool;
import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.kit.limit.ConnectionLimit;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the connections of a gRPC server in number. grpc-java has no limit for that, and asks its transport filters when a
 * client has sent its preface, which one that means harm does not send. So a connection is counted where the server begins to
 * negotiate its protocol, which is when it is accepted. One too many is closed before anything is read from it, and a client
 * reports that as UNAVAILABLE. grpc-java's own xDS servers look at connections in the same place, with the same classes.
 * Thread-safe.
 */
final class ConnectionGate {
    private final ConnectionLimit limit;
    private final Function<SocketAddress, @Nullable String> addresses;
    private final Counter refused;
    private final Counter refusedAddress;

    /**
     * A gate.
     *
     * @param addresses in whose name the connection of a peer is counted; null if in nobody's
     */
    ConnectionGate(ConnectionLimit limit, Function<SocketAddress, @Nullable String> addresses, MeterRegistry meters) {
        this.limit = limit;
        this.addresses = addresses;
        this.refused = Counter.builder("tailrace.grpc.connections.refused")
                .description("Connections of gRPC over tailrace.http.max-connections")
                .register(meters);
        this.refusedAddress = Counter.builder("tailrace.grpc.connections.refused.address")
                .description("Connections of gRPC over tailrace.http.max-connections-per-address")
                .register(meters);
        var unused = Gauge.builder("tailrace.grpc.connections", limit, ConnectionLimit::open)
                .description("Open connections of gRPC")
                .register(meters);
    }

    /** The credentials of a server whose connections come through this gate. */
    ServerCredentials guard(ServerCredentials credentials) {
        return InternalNettyServerCredentials.create(
                new Negotiators(InternalNettyServerCredentials.toNegotiator(credentials)));
    }

    private final class Negotiators implements InternalProtocolNegotiator.ServerFactory {
        private final InternalProtocolNegotiator.ServerFactory behind;

        private Negotiators(InternalProtocolNegotiator.ServerFactory behind) {
            this.behind = behind;
        }

        @Override
        public InternalProtocolNegotiator.ProtocolNegotiator newNegotiator(ObjectPool<? extends Executor> executors) {
            return new Negotiator(behind.newNegotiator(executors));
        }
    }

    private final class Negotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
        private final InternalProtocolNegotiator.ProtocolNegotiator behind;

        private Negotiator(InternalProtocolNegotiator.ProtocolNegotiator behind) {
            this.behind = behind;
        }

        @Override
        public AsciiString scheme() {
            return behind.scheme();
        }

        @Override
        public ChannelHandler newHandler(GrpcHttp2ConnectionHandler connection) {
            return new Entrance(behind.newHandler(connection));
        }

        @Override
        public void close() {
            behind.close();
        }
    }

    /** Stands in the pipeline for as long as it takes to count the connection. */
    private final class Entrance extends ChannelInboundHandlerAdapter {
        private final ChannelHandler behind;

        private Entrance(ChannelHandler behind) {
            this.behind = behind;
        }

        /** The event that begins the negotiation comes right after this, when the handler that waits for it is there. */
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            String address = addresses.apply(context.channel().remoteAddress());
            switch (limit.take(address)) {
                case TAKEN -> {
                    context.channel().closeFuture().addListener(closed -> limit.release(address));
                    context.pipeline().replace(this, null, behind);
                }
                case FULL -> refuse(context, refused);
                case ADDRESS_FULL -> refuse(context, refusedAddress);
            }
        }

        private static void refuse(ChannelHandlerContext context, Counter reason) {
            reason.increment();
            context.close();
        }
    }
}
