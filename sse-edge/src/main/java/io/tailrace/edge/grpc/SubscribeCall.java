package io.tailrace.edge.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
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
final class SubscribeCall extends ServerCall.Listener<SubscribeRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(SubscribeCall.class);
    /** Where a client is whose connection has no address. */
    static final SocketAddress UNKNOWN = InetSocketAddress.createUnresolved("unknown", 0);

    private final ServerCall<SubscribeRequest, ResponseBytes> call;
    private final CallMetadata metadata;
    private final Subscriptions subscriptions;
    private @Nullable SubscribeRequest request;
    private @Nullable GrpcStream stream;
    private boolean many;
    private boolean over;

    SubscribeCall(
            ServerCall<SubscribeRequest, ResponseBytes> call, CallMetadata metadata, Subscriptions subscriptions) {
        this.call = call;
        this.metadata = metadata;
        this.subscriptions = subscriptions;
    }

    @Override
    public void onMessage(SubscribeRequest message) {
        many = request != null;
        request = message;
    }

    @Override
    public void onHalfClose() {
        SubscribeRequest asked = request;
        if (asked == null || many) {
            call.close(Status.INVALID_ARGUMENT.withDescription("expected one request"), new Metadata());
            return;
        }
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
    public void onReady() {
        GrpcStream open = opened();
        if (open != null) {
            open.ready();
        }
    }

    @Override
    public void onCancel() {
        end();
    }

    @Override
    public void onComplete() {
        end();
    }

    private void end() {
        GrpcStream open;
        synchronized (this) {
            over = true;
            open = stream;
        }
        if (open != null) {
            open.over();
        }
    }

    private synchronized @Nullable GrpcStream opened() {
        return stream;
    }

    private void decided(StreamService.@Nullable Outcome outcome, @Nullable Throwable fault) {
        switch (outcome) {
            case null -> {
                LOG.error("a fault while deciding about a stream", fault);
                refuse(Refusal.internal());
            }
            case StreamService.Refused(Refusal refusal) -> refuse(refusal);
            case StreamService.Granted granted -> open(granted);
        }
    }

    private void open(StreamService.Granted granted) {
        GrpcStream opening = subscriptions.stream(call, metadata);
        synchronized (this) {
            if (over) {
                return;
            }
            if (!subscriptions.take(opening)) {
                opening = null;
            }
            stream = opening;
        }
        if (opening == null) {
            refuse(subscriptions.full(metadata));
        } else {
            opening.open(granted, new FrameResponses(), Objects.requireNonNullElse(metadata.remote(), UNKNOWN));
        }
    }

    private void refuse(Refusal refusal) {
        subscriptions.refused(refusal);
        refuse(ProblemStatus.of(ofThisRequest(refusal.problem()), refusal.headers()));
    }

    private void refuse(StatusRuntimeException status) {
        Metadata trailers = status.getTrailers();
        call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    /** What is a parameter over HTTP has another name here. */
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
