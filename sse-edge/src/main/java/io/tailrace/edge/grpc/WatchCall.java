package io.tailrace.edge.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.edge.http.Refusal;
import io.tailrace.edge.http.StreamService;
import io.tailrace.edge.stream.StreamPlan;
import io.tailrace.edge.watch.WatchPlan;
import io.tailrace.edge.watch.WatchQuestion;
import io.tailrace.edge.watch.WatchedHistory;
import io.tailrace.grpc.series.v1.QueryRequest;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.kit.grpc.CallMetadata;
import io.tailrace.kit.grpc.PeerCalls;
import io.tailrace.kit.grpc.ProblemStatus;
import io.tailrace.kit.problem.ProblemException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call of {@code Watch}, from its request to its stream: first the access check, then the history, then the position at which reading the
 * channel starts. gRPC calls one method at a time; results may arrive on other threads.
 */
final class WatchCall extends StreamCall<WatchRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchCall.class);

    private final CallMetadata metadata;
    private final Watches watches;
    private final CallStreams streams;
    private final HistoryBudget.Share share;
    private PeerCalls.@Nullable Prepared<QueryRequest, byte[]> query;
    private QueryPlaces.@Nullable Place place;

    WatchCall(
            ServerCall<WatchRequest, ResponseBytes> call, CallMetadata metadata, Watches watches, CallStreams streams) {
        super(call);
        this.metadata = metadata;
        this.watches = watches;
        this.streams = streams;
        this.share = watches.share(metadata);
    }

    @Override
    void begin(WatchRequest asked) {
        WatchQuestion question;
        CompletionStage<StreamService.Outcome> decision;
        try {
            question = watches.read(asked);
            decision = watches.decide(question, metadata);
        } catch (ProblemException e) {
            refuse(ProblemStatus.of(e));
            return;
        }
        go(decision, outcome -> {
            switch (outcome) {
                case StreamService.Refused(Refusal refusal) -> refuse(refusal);
                case StreamService.Granted granted -> ask(question, granted);
            }
        });
    }

    @Override
    void release() {
        PeerCalls.Prepared<QueryRequest, byte[]> asked;
        QueryPlaces.Place held;
        synchronized (this) {
            asked = query;
            held = place;
        }
        if (asked != null) {
            asked.call().cancel("the call that needed it is over", null);
        }
        if (held != null) {
            held.leave();
        }
        share.release();
    }

    /** Takes a place among the streams, and then one among the queries. */
    private void ask(WatchQuestion question, StreamService.Granted granted) {
        GrpcStream opening = streams.stream(call(), metadata);
        QueryPlaces.Place held = null;
        synchronized (this) {
            if (isOver()) {
                return;
            }
            if (streams.take(opening)) {
                opens(opening);
                held = watches.place();
                place = held;
            }
        }
        if (held == null) {
            refuse(streams.full(metadata));
            return;
        }
        QueryPlaces.Place ours = held;
        go(
                held.granted()
                        .orTimeout(watches.patience().toMillis(), TimeUnit.MILLISECONDS)
                        .thenCompose(turn -> query(question))
                        .whenComplete((parts, fault) -> ours.leave()),
                parts -> start(question, granted, parts));
    }

    private CompletionStage<List<byte[]>> query(WatchQuestion question) {
        synchronized (this) {
            if (isOver()) {
                return CompletableFuture.failedStage(Status.CANCELLED.asRuntimeException());
            }
            PeerCalls.Prepared<QueryRequest, byte[]> asking = watches.query(metadata);
            if (asking == null) {
                return CompletableFuture.failedStage(Status.UNIMPLEMENTED
                        .withDescription(
                                "this edge does not know who answers Query: TAILRACE_EDGE_WATCH_TARGET is not set")
                        .asRuntimeException());
            }
            query = asking;
            return HistoryQuery.start(
                    asking.call(),
                    asking.headers(),
                    watches.request(question),
                    question.asksForHistory() ? share : null);
        }
    }

    private void start(WatchQuestion question, StreamService.Granted granted, List<byte[]> parts) {
        WatchPlan plan = watches.plan(question, new WatchedHistory(parts));
        if (plan.history() == null) {
            share.release();
        }
        StreamPlan reading = granted.plan();
        if (!plan.position().isEmpty()) {
            reading = switch (CursorCodec.decode(plan.position())) {
                case CursorDecoding.Decoded(var cursor) -> reading.resumedAt(cursor);
                case CursorDecoding.Malformed malformed ->
                    throw new IllegalStateException("the position of an answer is no cursor: " + malformed.detail());
            };
        }
        WatchResponses responses = watches.responses(question, plan, reading, share);
        GrpcStream opening = opened();
        if (opening != null) {
            opening.open(
                    new StreamService.Granted(reading, granted.subject(), granted.isVoid()),
                    responses,
                    Objects.requireNonNullElse(metadata.remote(), SubscribeCall.UNKNOWN));
        }
    }

    /** Passes the result to the next step; a failure ends the call unless it is over. */
    private <T> void go(CompletionStage<T> stage, Consumer<T> next) {
        var unused = stage.thenAccept(next).exceptionally(fault -> {
            if (!isOver()) {
                Throwable cause = fault;
                while (cause instanceof CompletionException && cause.getCause() != null) {
                    cause = cause.getCause();
                }
                refuse(cause);
            }
            return null;
        });
    }

    private void refuse(Throwable cause) {
        switch (cause) {
            case StatusRuntimeException status -> refuse(status);
            case ProblemException problem -> refuse(ProblemStatus.of(problem));
            case TimeoutException late ->
                refuse(Status.UNAVAILABLE
                        .withDescription("too many histories are asked for, come back later")
                        .asRuntimeException());
            default -> {
                LOG.error("the start of a watch failed", cause);
                refuse(Refusal.internal());
            }
        }
    }

    private void refuse(Refusal refusal) {
        streams.refused(refusal);
        refuse(ProblemStatus.of(SubscribeCall.ofThisRequest(refusal.problem()), refusal.headers()));
    }

    private void refuse(StatusRuntimeException status) {
        share.release();
        Metadata trailers = status.getTrailers();
        Metadata sent = trailers == null ? new Metadata() : trailers;
        GrpcStream opening = opened();
        if (opening == null) {
            call().close(status.getStatus(), sent);
        } else {
            // What else may end the call runs on the event loop of its stream.
            opening.refuse(status.getStatus(), sent);
        }
    }
}
