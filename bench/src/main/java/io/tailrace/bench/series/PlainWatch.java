package io.tailrace.bench.series;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tailrace.grpc.series.v1.Point;
import io.tailrace.grpc.series.v1.PublishRequest;
import io.tailrace.grpc.series.v1.PublishResponse;
import io.tailrace.grpc.series.v1.Reading;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import io.tailrace.grpc.series.v1.WatchCaughtUp;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.grpc.series.v1.WatchResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A plain gRPC server, the limit for {@code Watch}: each reading goes to those who watch its metric as it comes, without a log, windows, history or
 * tokens. In this process, which makes it quicker still. Thread-safe.
 */
final class PlainWatch extends SeriesServiceGrpc.SeriesServiceImplBase implements AutoCloseable {
    private final Map<String, List<ServerCallStreamObserver<WatchResponse>>> watchers = new ConcurrentHashMap<>();
    private final Server server;

    PlainWatch() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .addService(this)
                .build()
                .start();
    }

    /** Where it answers, as {@code Stand.grpcTarget}. */
    String target() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<WatchResponse> observer) {
        ServerCallStreamObserver<WatchResponse> watcher = (ServerCallStreamObserver<WatchResponse>) observer;
        List<ServerCallStreamObserver<WatchResponse>> all =
                watchers.computeIfAbsent(request.getMetricId(), metric -> new CopyOnWriteArrayList<>());
        watcher.setOnCancelHandler(() -> all.remove(watcher));
        watcher.onNext(WatchResponse.newBuilder()
                .setCaughtUp(WatchCaughtUp.getDefaultInstance())
                .build());
        all.add(watcher);
    }

    @Override
    public StreamObserver<PublishRequest> publish(StreamObserver<PublishResponse> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(PublishRequest request) {
                request.getReadingsList().forEach(PlainWatch.this::tell);
                answers.onNext(PublishResponse.newBuilder()
                        .setAcknowledged(request.getReadings(request.getReadingsCount() - 1)
                                .getSequence())
                        .build());
            }

            @Override
            public void onError(Throwable fault) {
                // The writer has gone.
            }

            @Override
            public void onCompleted() {
                answers.onCompleted();
            }
        };
    }

    private void tell(Reading reading) {
        WatchResponse response = WatchResponse.newBuilder()
                .setPoint(Point.newBuilder()
                        .setTime(reading.getTimestamp())
                        .setCount(1)
                        .setLast(reading.getValue()))
                .build();
        for (ServerCallStreamObserver<WatchResponse> watcher :
                watchers.getOrDefault(reading.getMetricId(), List.of())) {
            if (watcher.isReady()) {
                watcher.onNext(response);
            }
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
