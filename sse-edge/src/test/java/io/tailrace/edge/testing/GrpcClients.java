package io.tailrace.edge.testing;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Objects;

/** Connections of gRPC to an edge, and what its refusals say. */
public final class GrpcClients {
    private GrpcClients() {}

    /** A connection in clear text. */
    public static ManagedChannel connect(RunningEdge edge) {
        return connect(edge, "127.0.0.1", InsecureChannelCredentials.create());
    }

    /**
     * A connection.
     *
     * @param name whom the client believes to talk to
     */
    public static ManagedChannel connect(RunningEdge edge, String name, ChannelCredentials credentials) {
        return Grpc.newChannelBuilderForAddress("127.0.0.1", edge.grpcPort(), credentials)
                .overrideAuthority(name)
                // What streams do with what comes is little, and threads of the client are none of the server.
                .directExecutor()
                .maxInboundMessageSize(1 << 20)
                .build();
    }

    /** A connection in clear text whose calls hold little of what their clients do not take. */
    public static ManagedChannel narrow(RunningEdge edge) {
        return NettyChannelBuilder.forAddress("127.0.0.1", edge.grpcPort(), InsecureChannelCredentials.create())
                .directExecutor()
                .flowControlWindow(2_048)
                .build();
    }

    /** The reason of {@code ErrorInfo}, and the fields of {@code BadRequest} behind it. */
    public static List<String> details(Status status, Metadata trailers) {
        com.google.rpc.Status details =
                Objects.requireNonNull(StatusProto.fromStatusAndTrailers(status, trailers), "no details");
        return details.getDetailsList().stream()
                .<String>mapMulti((detail, out) -> {
                    try {
                        if (detail.is(com.google.rpc.ErrorInfo.class)) {
                            out.accept(detail.unpack(com.google.rpc.ErrorInfo.class)
                                    .getReason());
                        } else if (detail.is(com.google.rpc.BadRequest.class)) {
                            detail.unpack(com.google.rpc.BadRequest.class)
                                    .getFieldViolationsList()
                                    .forEach(violation -> out.accept(violation.getField()));
                        } else {
                            out.accept(detail.getTypeUrl());
                        }
                    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    /** The same of an exception of a blocking stub. */
    public static List<String> details(StatusRuntimeException fault) {
        return details(fault.getStatus(), Objects.requireNonNullElseGet(fault.getTrailers(), Metadata::new));
    }
}
