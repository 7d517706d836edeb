package io.tailrace.kit.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.tailrace.kit.limit.ClientAddress;
import io.tailrace.kit.limit.WriteLimits;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import io.tailrace.kit.security.TokenVerifier;
import io.tailrace.kit.security.Verification;
import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Reason;
import io.tailrace.kit.security.Verification.Valid;
import io.tailrace.kit.trace.CallSpans;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes methods with one request and one answer out of handlers that may block: each call has a virtual thread of its own, its
 * caller is known and limited as over HTTP, and problems are told as {@link ProblemStatus}. Thread-safe.
 */
@Singleton
public final class UnaryCalls {
    private static final Logger LOG = LoggerFactory.getLogger(UnaryCalls.class);
    private static final Duration KEYS_RETRY = Duration.ofSeconds(2);

    private final TokenVerifier verifier;
    private final ClientAddress addresses;
    private final WriteLimits limits;
    private final CallSpans spans;
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("grpc-", 0).factory());

    UnaryCalls(TokenVerifier verifier, ClientAddress addresses, WriteLimits limits, CallSpans spans) {
        this.verifier = verifier;
        this.addresses = addresses;
        this.limits = limits;
        this.spans = spans;
    }

    /** Answers a request. */
    @FunctionalInterface
    public interface Handler<Q, A> {
        /**
         * The answer; may block.
         *
         * @param address of the client, by which a caller without a token is known
         * @throws ProblemException if there is none
         */
        A answer(Q request, Caller caller, String address);
    }

    /** A method that writes: it counts against the caller's limit of writes. */
    public <Q, A> ServerMethodDefinition<Q, A> write(MethodDescriptor<Q, A> method, Handler<Q, A> handler) {
        return unary(method, handler, limits::require);
    }

    /** A method that reads, and whose answers are small: it counts against no limit. */
    public <Q, A> ServerMethodDefinition<Q, A> read(MethodDescriptor<Q, A> method, Handler<Q, A> handler) {
        return unary(method, handler, (caller, address) -> {});
    }

    private <Q, A> ServerMethodDefinition<Q, A> unary(
            MethodDescriptor<Q, A> method, Handler<Q, A> handler, BiConsumer<Caller, String> limit) {
        return ServerMethodDefinition.create(method, (call, headers) -> {
            CallMetadata metadata = CallMetadata.of(call.getAttributes(), headers);
            return ServerCalls.<Q, A>asyncUnaryCall((request, observer) -> {
                        // Without one, answering a caller who has gone would be an exception.
                        ((ServerCallStreamObserver<A>) observer).setOnCancelHandler(() -> {});
                        executor.execute(() -> spans.within(
                                method.getFullMethodName(),
                                headers,
                                () -> answer(method, metadata, request, observer, handler, limit)));
                    })
                    .startCall(call, headers);
        });
    }

    @PreDestroy
    void stop() {
        executor.shutdown();
    }

    private <Q, A> Status.Code answer(
            MethodDescriptor<Q, A> method,
            CallMetadata metadata,
            Q request,
            StreamObserver<A> observer,
            Handler<Q, A> handler,
            BiConsumer<Caller, String> limit) {
        try {
            Caller caller = caller(metadata);
            String address = addresses.of(metadata.remote(), metadata.forwardedFor());
            limit.accept(caller, address);
            observer.onNext(handler.answer(request, caller, address));
            observer.onCompleted();
            return Status.Code.OK;
        } catch (RuntimeException | Error e) {
            StatusRuntimeException status = status(method, e);
            observer.onError(status);
            return status.getStatus().getCode();
        }
    }

    /** What a fault is for the client; what is none of its doing is logged. */
    static StatusRuntimeException status(MethodDescriptor<?, ?> method, Throwable fault) {
        if (fault instanceof ProblemException problem) {
            return ProblemStatus.of(problem);
        }
        LOG.error("{} failed", method.getFullMethodName(), fault);
        return ProblemStatus.of(new ProblemException(ProblemType.INTERNAL, null));
    }

    /**
     * Who calls; may wait for the keys that verify tokens.
     *
     * @throws ProblemException if there is a token that is not valid: unlike a cookie nobody sends it unasked
     */
    public Caller caller(CallMetadata metadata) {
        String jwt = metadata.token();
        if (jwt == null) {
            return Caller.ANONYMOUS;
        }
        Verification verification =
                verifier.verifyOrRefresh(jwt).toCompletableFuture().join();
        return switch (verification) {
            case Valid valid -> Caller.of(valid);
            case Invalid(Reason reason) ->
                throw reason == Reason.KEYS_UNAVAILABLE
                        ? ProblemException.unavailable(reason.description(), KEYS_RETRY, null)
                        : new ProblemException(ProblemType.UNAUTHORIZED, reason.description());
        };
    }
}
