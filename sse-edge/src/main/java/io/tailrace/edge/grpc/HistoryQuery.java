package io.tailrace.edge.grpc;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.tailrace.grpc.series.v1.QueryRequest;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A call of {@code Query}, whose responses are kept as they come. gRPC calls one method at a time. */
final class HistoryQuery extends ClientCall.Listener<byte[]> {
    /** The method as it is called, with responses that are not decoded. */
    static final MethodDescriptor<QueryRequest, byte[]> METHOD = MethodDescriptor.<QueryRequest, byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SeriesServiceGrpc.SERVICE_NAME, "Query"))
            .setRequestMarshaller(ProtoUtils.marshaller(QueryRequest.getDefaultInstance()))
            .setResponseMarshaller(new Bytes())
            .build();

    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final ClientCall<QueryRequest, byte[]> call;
    private final HistoryBudget.@Nullable Share share;
    private final List<byte[]> parts = new ArrayList<>();
    private final CompletableFuture<List<byte[]>> answer = new CompletableFuture<>();
    private boolean full;

    private HistoryQuery(ClientCall<QueryRequest, byte[]> call, HistoryBudget.@Nullable Share share) {
        this.call = call;
        this.share = share;
    }

    /**
     * Asks.
     *
     * @param share takes what is kept; null if that is no history
     * @return the responses, or the {@link StatusRuntimeException} with which the call has ended
     */
    static CompletionStage<List<byte[]>> start(
            ClientCall<QueryRequest, byte[]> call,
            Metadata headers,
            QueryRequest request,
            HistoryBudget.@Nullable Share share) {
        HistoryQuery query = new HistoryQuery(call, share);
        call.start(query, headers);
        call.sendMessage(request);
        call.halfClose();
        call.request(Integer.MAX_VALUE);
        return query.answer;
    }

    @Override
    public void onMessage(byte[] part) {
        if (full) {
            return;
        }
        if (share == null || share.take(part.length)) {
            parts.add(part);
        } else {
            full = true;
            call.cancel("the histories of all calls hold as much as they may", null);
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        if (full) {
            answer.completeExceptionally(Status.UNAVAILABLE
                    .withDescription("too much history waits for its clients, come back later")
                    .asRuntimeException());
        } else if (status.isOk() && !parts.isEmpty()) {
            answer.complete(parts);
        } else {
            answer.completeExceptionally(fault(status.isOk() ? Status.INTERNAL : status, trailers));
        }
    }

    /** With the details of the refusal, and nothing else of what came with it. */
    private static StatusRuntimeException fault(Status status, Metadata trailers) {
        Metadata passedOn = new Metadata();
        byte[] details = trailers.get(DETAILS);
        if (details != null) {
            passedOn.put(DETAILS, details);
        }
        Status.Code code = status.getCode();
        // That the time for the query is over is not the end of the caller's own time.
        Status own = code == Status.Code.DEADLINE_EXCEEDED || code == Status.Code.CANCELLED
                ? Status.UNAVAILABLE.withDescription("the history was not answered in time")
                : status.withCause(null);
        return own.asRuntimeException(passedOn);
    }

    private static final class Bytes implements Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException("a response can't be read", e);
            }
        }
    }
}
