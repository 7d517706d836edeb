package io.tailrace.edge.grpc;

import io.grpc.ServerMethodDefinition;
import io.grpc.ServiceDescriptor;
import io.tailrace.edge.http.StreamService;
import io.tailrace.grpc.channels.v1.ChannelServiceGrpc;
import io.tailrace.grpc.channels.v1.SubscribeRequest;
import io.tailrace.kit.grpc.CallMetadata;
import io.tailrace.kit.grpc.GrpcMethods;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * {@code ChannelService.Subscribe}. A stream lives on one of the event loops that also have the streams of HTTP, and no thread
 * is its own. Thread-safe.
 */
@Singleton
final class Subscriptions implements GrpcMethods {
    private final StreamService service;
    private final CallStreams streams;

    Subscriptions(StreamService service, CallStreams streams) {
        this.service = service;
        this.streams = streams;
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
            return new SubscribeCall(call, CallMetadata.of(call.getAttributes(), headers), this, streams);
        }));
    }

    CompletionStage<StreamService.Outcome> decide(SubscribeRequest request, CallMetadata metadata) {
        return service.decide(
                request.getChannelsList(),
                request.getStart(),
                request.getCursor(),
                request.getHeartbeatSeconds(),
                metadata.token(),
                streams.address(metadata));
    }
}
