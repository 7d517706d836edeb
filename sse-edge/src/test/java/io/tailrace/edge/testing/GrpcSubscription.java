package io.tailrace.edge.testing;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.tailrace.edge.simulation.ResponseParser;
import io.tailrace.grpc.channels.v1.ChannelServiceGrpc;
import io.tailrace.grpc.channels.v1.SubscribeRequest;
import io.tailrace.grpc.channels.v1.SubscribeResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A call of {@code ChannelService.Subscribe}. Until {@link #read} is called its client takes nothing. */
public final class GrpcSubscription extends SseMessages {
    private static final int ALL = Integer.MAX_VALUE;

    private final ClientCall<SubscribeRequest, SubscribeResponse> call;
    private final CompletableFuture<Status> status = new CompletableFuture<>();
    private final CompletableFuture<Metadata> trailers = new CompletableFuture<>();
    private final ResponseParser parser = new ResponseParser(block -> received(
            block.data() == null ? null : block.type(), block.data() == null ? "" : block.data(), block.id(), (int)
                    Math.max(0, block.retryMs())));

    private GrpcSubscription(ClientCall<SubscribeRequest, SubscribeResponse> call) {
        this.call = call;
    }

    /** Subscribes, and reads nothing before {@link #read}. */
    public static GrpcSubscription connect(
            ManagedChannel channel, SubscribeRequest request, CallOptions options, @Nullable String token) {
        GrpcSubscription subscription =
                new GrpcSubscription(channel.newCall(ChannelServiceGrpc.getSubscribeMethod(), options));
        Metadata headers = new Metadata();
        if (token != null) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        subscription.start(request, headers);
        return subscription;
    }

    /** Subscribes to channels and reads. */
    public static GrpcSubscription open(ManagedChannel channel, String cursor, String start, String... channels) {
        SubscribeRequest.Builder request =
                SubscribeRequest.newBuilder().setCursor(cursor).setStart(start);
        for (String name : channels) {
            request.addChannels(name);
        }
        return connect(channel, request.build(), CallOptions.DEFAULT, null).read();
    }

    private void start(SubscribeRequest request, Metadata headers) {
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(SubscribeResponse response) {
                        parser.response(response);
                    }

                    @Override
                    public void onClose(Status ended, Metadata with) {
                        trailers.complete(with);
                        status.complete(ended);
                        ended();
                    }
                },
                headers);
        call.sendMessage(request);
        call.halfClose();
    }

    /** Takes everything from now on. */
    public GrpcSubscription read() {
        call.request(ALL);
        return this;
    }

    /** The status with which the call ends; waits for it. */
    public Status status() {
        return get(status);
    }

    /** What came with the status; waits for it. */
    public Metadata trailers() {
        return get(trailers);
    }

    @Override
    public void close() {
        call.cancel("the test has what it wanted", null);
    }

    private static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
