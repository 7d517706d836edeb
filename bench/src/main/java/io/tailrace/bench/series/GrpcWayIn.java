package io.tailrace.bench.series;

import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.tailrace.grpc.series.v1.PublishRequest;
import io.tailrace.grpc.series.v1.PublishResponse;
import io.tailrace.grpc.series.v1.Reading;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code SeriesService.Publish}: one call per writer, on one connection. */
final class GrpcWayIn implements WayIn {
    private static final int DEPTH = 4;

    private final SeriesClient client;
    private final ManagedChannel channel;
    private final List<Call> calls = new ArrayList<>();

    GrpcWayIn(SeriesClient client, String target, String token, int writers) {
        this.client = client;
        this.channel = NettyChannelBuilder.forTarget(target).usePlaintext().build();
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        SeriesServiceGrpc.SeriesServiceStub stub = SeriesServiceGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
        for (int writer = 0; writer < writers; writer++) {
            calls.add(new Call(stub, "bench-" + writer));
        }
    }

    @Override
    public String label() {
        return "gRPC";
    }

    @Override
    public List<String> metrics(int count) throws IOException, InterruptedException {
        return client.metrics(count);
    }

    @Override
    public CompletableFuture<Void> send(int writer, List<Sample> batch) {
        return calls.get(writer).send(batch);
    }

    @Override
    public int depth() {
        return DEPTH;
    }

    @Override
    public List<String> ids(List<String> metrics) {
        return metrics;
    }

    @Override
    public void close() throws InterruptedException {
        for (Call call : calls) {
            call.requests.onCompleted();
        }
        channel.shutdown().awaitTermination(10, TimeUnit.SECONDS);
        channel.shutdownNow();
    }

    /** A call. Sent to by one thread, answered on another. Once it has ended, each further batch fails. */
    private static final class Call implements StreamObserver<PublishResponse> {
        private final StreamObserver<PublishRequest> requests;
        private final String clientId;
        private final Queue<Waiting> waiting = new ArrayDeque<>();
        private @Nullable Throwable ended;
        private long sequence;

        private record Waiting(long sequence, CompletableFuture<Void> done) {}

        Call(SeriesServiceGrpc.SeriesServiceStub stub, String clientId) {
            this.clientId = clientId;
            this.requests = stub.publish(this);
        }

        CompletableFuture<Void> send(List<Sample> batch) {
            PublishRequest.Builder request = PublishRequest.newBuilder().setClientId(clientId);
            for (Sample sample : batch) {
                request.addReadings(Reading.newBuilder()
                        .setSequence(++sequence)
                        .setMetricId(sample.metric())
                        .setValue(sample.value())
                        .setTimestamp(Timestamp.newBuilder()
                                .setSeconds(Math.floorDiv(sample.timestampMs(), 1_000L))
                                .setNanos((int) Math.floorMod(sample.timestampMs(), 1_000L) * 1_000_000)));
            }
            CompletableFuture<Void> done = new CompletableFuture<>();
            synchronized (waiting) {
                // Nothing is answered any more on a call that has ended.
                if (ended != null) {
                    return CompletableFuture.failedFuture(ended);
                }
                waiting.add(new Waiting(sequence, done));
            }
            requests.onNext(request.build());
            return done;
        }

        @Override
        public void onNext(PublishResponse response) {
            Waiting oldest;
            synchronized (waiting) {
                oldest = waiting.remove();
            }
            if (response.getRejectionsCount() == 0 && response.getAcknowledged() == oldest.sequence) {
                oldest.done.complete(null);
            } else {
                oldest.done.completeExceptionally(new IOException("not all readings were taken: " + response));
            }
        }

        @Override
        public void onError(Throwable fault) {
            end(fault);
        }

        @Override
        public void onCompleted() {
            end(new IOException("the server has ended the call"));
        }

        private void end(Throwable fault) {
            List<Waiting> unanswered;
            synchronized (waiting) {
                ended = fault;
                unanswered = List.copyOf(waiting);
                waiting.clear();
            }
            unanswered.forEach(one -> one.done.completeExceptionally(fault));
        }
    }
}
