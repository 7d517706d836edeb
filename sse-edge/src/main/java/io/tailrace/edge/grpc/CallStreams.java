package io.tailrace.edge.grpc;

import io.grpc.ServerCall;
import io.micronaut.http.netty.channel.EventLoopGroupRegistry;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.control.OpenStreams;
import io.tailrace.edge.http.Refusal;
import io.tailrace.edge.http.SlotHolder;
import io.tailrace.edge.http.StreamService;
import io.tailrace.edge.loop.EdgeLoops;
import io.tailrace.kit.grpc.CallMetadata;
import io.tailrace.kit.limit.ClientAddress;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Makes the streams of gRPC calls, and counts them within the limits that the streams of HTTP have too. Thread-safe. */
@Singleton
final class CallStreams {
    private final StreamService service;
    private final EdgeLoops loops;
    private final EventLoopGroupRegistry groups;
    private final OpenStreams streams;
    private final ClientAddress addresses;
    private final EdgeSettings settings;
    private final int highWaterBytes;

    CallStreams(
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

    /** A stream on one of the event loops; it is not counted yet. */
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

    /** Counts a stream; returns false if there are too many. */
    boolean take(SlotHolder stream) {
        return service.take(stream);
    }

    /** The refusal of a stream that {@link #take} did not count. */
    Refusal full(CallMetadata metadata) {
        return service.full(address(metadata));
    }

    /** Counts a refusal. */
    void refused(Refusal refusal) {
        service.refused(refusal, false);
    }

    /** The address by which the calls of a client are limited; null if its connection has none. */
    @Nullable
    String address(CallMetadata metadata) {
        return addresses.counted(metadata.remote(), metadata.forwardedFor());
    }
}
