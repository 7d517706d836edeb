package io.tailrace.edge.testing;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.tailrace.backends.Eventually;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.grpc.series.v1.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A call of {@code SeriesService.Watch}, which takes as many messages as it is told to. Thread-safe. */
public final class WatchClient implements AutoCloseable {
    private static final int ALL = Integer.MAX_VALUE;

    private final ClientCall<WatchRequest, WatchResponse> call;
    private final List<WatchResponse> received = new ArrayList<>();
    private final CompletableFuture<Status> status = new CompletableFuture<>();
    private final CompletableFuture<Metadata> trailers = new CompletableFuture<>();

    private WatchClient(ClientCall<WatchRequest, WatchResponse> call) {
        this.call = call;
    }

    /** Calls, and takes nothing before {@link #take} or {@link #read}. */
    public static WatchClient connect(
            ManagedChannel channel, WatchRequest request, CallOptions options, @Nullable String token) {
        WatchClient client = new WatchClient(channel.newCall(SeriesServiceGrpc.getWatchMethod(), options));
        Metadata headers = new Metadata();
        if (token != null) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        client.call.start(client.new Received(), headers);
        client.call.sendMessage(request);
        client.call.halfClose();
        return client;
    }

    /** Calls and takes everything. */
    public static WatchClient open(ManagedChannel channel, WatchRequest request) {
        return connect(channel, request, CallOptions.DEFAULT, null).read();
    }

    /** Takes everything from now on. */
    public WatchClient read() {
        call.request(ALL);
        return this;
    }

    /** Takes so many messages more, and waits for them. */
    public List<WatchResponse> take(int messages) {
        int before = received().size();
        call.request(messages);
        Eventually.holds(
                () -> messages + " messages after " + before + ", there are " + received(),
                () -> received().size() >= before + messages);
        return received();
    }

    /** What has come so far. */
    public List<WatchResponse> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /** Waits until what has come is as a test wants it. */
    public List<WatchResponse> await(String what, Predicate<List<WatchResponse>> condition) {
        Eventually.holds(() -> what + ", there are " + received(), () -> condition.test(received()));
        return received();
    }

    /** The status with which the call ends; waits for it. */
    public Status status() {
        return get("the call ends", status);
    }

    /** What came with the status; waits for it. */
    public Metadata trailers() {
        return get("the call ends", trailers);
    }

    @Override
    public void close() {
        call.cancel("the test has what it wanted", null);
    }

    private static <T> T get(String what, CompletableFuture<T> future) {
        try {
            return Eventually.result(what, future);
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private final class Received extends ClientCall.Listener<WatchResponse> {
        @Override
        public void onMessage(WatchResponse response) {
            synchronized (received) {
                received.add(response);
            }
        }

        @Override
        public void onClose(Status ended, Metadata with) {
            trailers.complete(with);
            status.complete(ended);
        }
    }
}
