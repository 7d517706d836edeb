package io.tailrace.kit.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.tailrace.kit.limit.ClientAddress;
import io.tailrace.kit.limit.WriteLimits;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.security.Caller;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Makes methods with one request and a large answer in parts, which are sent at the pace at which the client takes them: what gRPC
 * holds for one call is a part and the 32 KiB below which it wants more. Each call has a virtual thread of its own while it is answered,
 * and counts as a read of its address. Thread-safe.
 */
@Singleton
public final class PacedCalls {
    private final UnaryCalls calls;
    private final ClientAddress addresses;
    private final WriteLimits limits;
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("grpc-paced-", 0).factory());

    PacedCalls(UnaryCalls calls, ClientAddress addresses, WriteLimits limits) {
        this.calls = calls;
        this.addresses = addresses;
        this.limits = limits;
    }

    /** Answers a request. */
    @FunctionalInterface
    public interface Handler<Q, A> {
        /**
         * Sends the parts of the answer; may block.
         *
         * @throws ProblemException if there is none
         */
        void answer(Q request, Caller caller, Parts<A> parts);
    }

    /** Where the parts of an answer go. For the thread of the handler. */
    @FunctionalInterface
    public interface Parts<A> {
        /**
         * Sends a part once the client has taken those before it.
         *
         * @throws StatusRuntimeException if it does not take them in time, or has gone
         */
        void send(A part);
    }

    /**
     * A method that reads.
     *
     * @param patience how long the client may take for what was sent before a part
     */
    public <Q, A> ServerMethodDefinition<Q, A> read(
            MethodDescriptor<Q, A> method, Duration patience, Handler<Q, A> handler) {
        return ServerMethodDefinition.create(method, (call, headers) -> {
            CallMetadata metadata = CallMetadata.of(call.getAttributes(), headers);
            return ServerCalls.<Q, A>asyncServerStreamingCall((request, observer) -> {
                        Pace<A> pace = new Pace<>((ServerCallStreamObserver<A>) observer, patience);
                        executor.execute(() -> answer(method, metadata, request, pace, handler));
                    })
                    .startCall(call, headers);
        });
    }

    @PreDestroy
    void stop() {
        executor.shutdown();
    }

    private <Q, A> void answer(
            MethodDescriptor<Q, A> method, CallMetadata metadata, Q request, Pace<A> pace, Handler<Q, A> handler) {
        try {
            Caller caller = calls.caller(metadata);
            limits.requireRead(addresses.of(metadata.remote(), metadata.forwardedFor()));
            handler.answer(request, caller, pace);
            pace.observer.onCompleted();
        } catch (StatusRuntimeException e) {
            pace.observer.onError(e);
        } catch (RuntimeException | Error e) {
            pace.observer.onError(UnaryCalls.status(method, e));
        }
    }

    /** Waits until gRPC wants more. */
    private static final class Pace<A> implements Parts<A> {
        private final ServerCallStreamObserver<A> observer;
        private final Duration patience;
        private final Semaphore news = new Semaphore(0);

        /** Only while gRPC calls the method may the handlers be set. */
        Pace(ServerCallStreamObserver<A> observer, Duration patience) {
            this.observer = observer;
            this.patience = patience;
            observer.setOnReadyHandler(news::release);
            observer.setOnCancelHandler(news::release);
        }

        @Override
        public void send(A part) {
            try {
                while (!observer.isReady() && !observer.isCancelled()) {
                    if (!news.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                        throw Status.UNAVAILABLE
                                .withDescription("the answer was not taken within " + patience)
                                .asRuntimeException();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Status.UNAVAILABLE.withDescription("the server stops").asRuntimeException();
            }
            if (observer.isCancelled()) {
                throw Status.CANCELLED.asRuntimeException();
            }
            observer.onNext(part);
        }
    }
}
