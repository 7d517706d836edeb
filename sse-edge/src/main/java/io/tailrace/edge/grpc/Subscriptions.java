package io.tailrace.edge.grpc;

import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServiceDescriptor;
import io.micronaut.http.netty.channel.EventLoopGroupRegistry;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.control.OpenStreams;
import io.tailrace.edge.http.Refusal;
import io.tailrace.edge.http.SlotHolder;
import io.tailrace.edge.http.StreamService;
import io.tailrace.edge.loop.EdgeLoops;
import io.tailrace.grpc.channels.v1.ChannelServiceGrpc;
import io.tailrace.grpc.channels.v1.SubscribeRequest;
import io.tailrace.kit.grpc.CallMetadata;
import io.tailrace.kit.grpc.GrpcMethods;
import io.tailrace.kit.limit.ClientAddress;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code ChannelService.Subscribe}. A stream lives on one of the event loops that also have the streams of HTTP, and no thread
 * is its own. Thread-safe.
 */
@Singleton
final class Subscriptions implements GrpcMethods {
    private final StreamService service;
    private final EdgeLoops loops;
    private final EventLoopGroupRegistry groups;
    private final OpenStreams streams;
    private final ClientAddress addresses;
    private final EdgeSettings settings;
    private final int highWaterBytes;

    Subscriptions(
            StreamService service,
            EdgeLoops loops,
            EventLoopGroupRegistry groups,
            OpenStreams streams,
            ClientAddress addresses,
            EdgeSettings settings,
            EdgeSettings.Stream stream) {
        this.service = service;
        this.loops = loops;
        this.groups = groups;
        this.streams = streams;
        this.addresses = addresses;
        this.settings = settings;
        this.highWaterBytes = stream.highWaterBytes();
    }

    @Override
    public ServiceDescriptor service() {
        return ChannelServiceGrpc.getServiceDescriptor();
    }

    @Override
    public List<ServerMethodDefinition<?, ?>> methods() {
        var declared = ChannelServiceGrpc.getSubscribeMethod();
        var method = declared.toBuilder(declared.getRequestMarshaller(), ResponseBytes.MARSHALLER)
                .build();
        return List.of(ServerMethodDefinition.create(method, (call, headers) -> {
            // Two, so that a client that sends a second one is found out.
            call.request(2);
            return new SubscribeCall(call, CallMetadata.of(call.getAttributes(), headers), this);
        }));
    }

    CompletionStage<StreamService.Outcome> decide(SubscribeRequest request, CallMetadata metadata) {
        return service.decide(
                request.getChannelsList(),
                request.getStart(),
                request.getCursor(),
                request.getHeartbeatSeconds(),
                metadata.token(),
                address(metadata));
    }

    GrpcStream stream(ServerCall<?, ResponseBytes> call, CallMetadata metadata) {
        return new GrpcStream(
                call,
                loops.of(groups.getDefaultEventLoopGroup().next()),
                service,
                streams,
                settings,
                highWaterBytes,
                address(metadata));
    }

    boolean take(SlotHolder stream) {
        return service.take(stream);
    }

    Refusal full(CallMetadata metadata) {
        return service.full(address(metadata));
    }

    void refused(Refusal refusal) {
        service.refused(refusal, false);
    }

    private @Nullable String address(CallMetadata metadata) {
        return addresses.counted(metadata.remote(), metadata.forwardedFor());
    }
}
