package io.tailrace.edge.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import io.tailrace.edge.http.Refusal;
import io.tailrace.edge.http.StreamService;
import io.tailrace.grpc.channels.v1.SubscribeRequest;
import io.tailrace.kit.grpc.CallMetadata;
import io.tailrace.kit.grpc.ProblemStatus;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call of {@code Subscribe}, from its request to its stream. gRPC calls one at a time; the decision may come on another
 * thread.
 */
final class SubscribeCall extends StreamCall<SubscribeRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(SubscribeCall.class);
    /** The address of a client whose connection has none. */
    static final SocketAddress UNKNOWN = InetSocketAddress.createUnresolved("unknown", 0);

    private final CallMetadata metadata;
    private final Subscriptions subscriptions;
    private final CallStreams streams;

    SubscribeCall(
            ServerCall<SubscribeRequest, ResponseBytes> call,
            CallMetadata metadata,
            Subscriptions subscriptions,
            CallStreams streams) {
        super(call);
        this.metadata = metadata;
        this.subscriptions = subscriptions;
        this.streams = streams;
    }

    @Override
    void begin(SubscribeRequest asked) {
        try {
            var unused = subscriptions.decide(asked, metadata).handle((outcome, fault) -> {
                decided(outcome, fault);
                return outcome;
            });
        } catch (ProblemException e) {
            refuse(ProblemStatus.of(e));
        }
    }

    @Override
    void release() {
        // Nothing but the stream.
    }

    private void decided(StreamService.@Nullable Outcome outcome, @Nullable Throwable fault) {
        switch (outcome) {
            case null -> {
                LOG.error("the decision about a stream failed", fault);
                refuse(Refusal.internal());
            }
            case StreamService.Refused(Refusal refusal) -> refuse(refusal);
            case StreamService.Granted granted -> open(granted);
        }
    }

    private void open(StreamService.Granted granted) {
        GrpcStream opening = streams.stream(call(), metadata);
        boolean taken;
        synchronized (this) {
            if (isOver()) {
                return;
            }
            taken = streams.take(opening);
            if (taken) {
                opens(opening);
            }
        }
        if (!taken) {
            refuse(streams.full(metadata));
        } else {
            opening.open(granted, new FrameResponses(), Objects.requireNonNullElse(metadata.remote(), UNKNOWN));
        }
    }

    private void refuse(Refusal refusal) {
        streams.refused(refusal);
        refuse(ProblemStatus.of(ofThisRequest(refusal.problem()), refusal.headers()));
    }

    private void refuse(StatusRuntimeException status) {
        Metadata trailers = status.getTrailers();
        call().close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    /** Names the fields of the request where the problem names the parameters of HTTP. */
    static Problem ofThisRequest(Problem problem) {
        List<Problem.FieldError> errors = problem.errors();
        if (errors == null) {
            return problem;
        }
        List<Problem.FieldError> renamed = errors.stream()
                .map(error -> new Problem.FieldError(
                        switch (error.field()) {
                            case "last_event_id" -> "cursor";
                            case "heartbeat" -> "heartbeat_seconds";
                            default -> error.field();
                        },
                        error.message()))
                .toList();
        return new Problem(problem.type(), problem.title(), problem.status(), problem.detail(), renamed);
    }
}
