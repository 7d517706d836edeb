package io.tailrace.kit.grpc;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.TlsChannelCredentials;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.micronaut.context.BeanProvider;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Calls of methods of another service, in the name of whoever has called a method here. If this process answers the method itself, as in
 * {@code up}, the call stays in the process, and otherwise it goes to an address that is configured. Thread-safe.
 */
@Singleton
public final class PeerCalls {
    /** The address of the caller, on calls that stay in this process. */
    private static final Metadata.Key<byte[]> PEER =
            Metadata.Key.of("tailrace-peer-bin", Metadata.BINARY_BYTE_MARSHALLER);

    /** What says who calls. */
    private static final List<Metadata.Key<String>> PASSED_ON = List.of(
            CallMetadata.AUTHORIZATION,
            CallMetadata.API_KEY,
            CallMetadata.FORWARDED_FOR,
            Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER));

    private final BeanProvider<GrpcMethods> parts;
    private final Map<Target, ManagedChannel> channels = new HashMap<>();
    private @Nullable Local local;

    PeerCalls(BeanProvider<GrpcMethods> parts) {
        this.parts = parts;
    }

    /**
     * Who answers a method that this process does not answer.
     *
     * @param name as grpc-java has it, such as {@code dns:///ingest-api:9090}
     * @param tls whether it speaks TLS, with a certificate of an authority that this machine trusts
     */
    public record Target(String name, boolean tls) {}

    /** A call that is ready to be started, with the metadata for it. */
    public record Prepared<Q, A>(ClientCall<Q, A> call, Metadata headers) {}

    /** The methods of this process, and how they are called. */
    private record Local(Server server, ManagedChannel channel, Set<String> methods) {}

    /**
     * Prepares a call.
     *
     * @param caller in whose name
     * @param target who answers if this process does not; null if nobody is configured
     * @return null if nobody answers
     */
    public <Q, A> @Nullable Prepared<Q, A> prepare(
            MethodDescriptor<Q, A> method, CallOptions options, CallMetadata caller, @Nullable Target target) {
        Metadata headers = new Metadata();
        for (Metadata.Key<String> key : PASSED_ON) {
            Iterable<String> values = caller.headers().getAll(key);
            if (values != null) {
                values.forEach(value -> headers.put(key, value));
            }
        }
        InetAddress address = caller.remote() instanceof InetSocketAddress internet ? internet.getAddress() : null;
        Local here = local();
        if (here.methods().contains(method.getFullMethodName())) {
            if (address != null) {
                headers.put(PEER, address.getAddress());
            }
            return new Prepared<>(here.channel().newCall(method, options), headers);
        }
        if (target == null) {
            return null;
        }
        if (address != null) {
            headers.put(CallMetadata.FORWARDED_FOR, address.getHostAddress());
        }
        return new Prepared<>(channel(target).newCall(method, options), headers);
    }

    @PreDestroy
    synchronized void stop() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        Local here = local;
        if (here != null) {
            here.channel().shutdownNow();
            here.server().shutdownNow();
        }
    }

    private synchronized ManagedChannel channel(Target target) {
        return channels.computeIfAbsent(target, to -> Grpc.newChannelBuilder(
                        to.name(), to.tls() ? TlsChannelCredentials.create() : InsecureChannelCredentials.create())
                .defaultLoadBalancingPolicy("round_robin")
                .build());
    }

    /** Made with the first call, because the methods of this process are not all there before. */
    private synchronized Local local() {
        Local made = local;
        if (made == null) {
            List<GrpcMethods> all = parts.stream().toList();
            String name = InProcessServerBuilder.generateName();
            InProcessServerBuilder builder =
                    InProcessServerBuilder.forName(name).directExecutor().intercept(new PeerAddress());
            ServiceAssembly.assemble(all).forEach(builder::addService);
            try {
                made = new Local(
                        builder.build().start(),
                        InProcessChannelBuilder.forName(name).directExecutor().build(),
                        all.stream()
                                .flatMap(part -> part.methods().stream())
                                .map(method -> method.getMethodDescriptor().getFullMethodName())
                                .collect(Collectors.toSet()));
            } catch (IOException e) {
                throw new UncheckedIOException("calls within this process can't be answered", e);
            }
            local = made;
        }
        return made;
    }

    /** Puts the address of the caller where methods look for it. Nobody else reaches this server, so it is to be believed. */
    private static final class PeerAddress implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            byte[] address = headers.get(PEER);
            if (address == null) {
                return next.startCall(call, headers);
            }
            SocketAddress remote;
            try {
                remote = new InetSocketAddress(InetAddress.getByAddress(address), 0);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address of this process is none", e);
            }
            Attributes attributes = call.getAttributes().toBuilder()
                    .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, remote)
                    .build();
            return next.startCall(
                    new SimpleForwardingServerCall<>(call) {
                        @Override
                        public Attributes getAttributes() {
                            return attributes;
                        }
                    },
                    headers);
        }
    }
}
