package io.tailrace.bench.series;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.tailrace.bench.stand.PacedSender;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.grpc.series.v1.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** From the moment a reading was due to the arrival of the first point of its window over {@code SeriesService.Watch}, with a call per metric. */
final class WatchDelay {
    private static final int BATCH = 10;
    private static final int CONNECTIONS = 4;
    private static final long OPEN_TIMEOUT_S = 30;
    private static final long SETTLE_MS = 3_000;

    private WatchDelay() {}

    /**
     * Of each window its first value, in nanoseconds.
     *
     * @param first of the first second after the calls were opened together
     * @param later of the time behind it
     */
    record Delays(Histogram first, Histogram later) {}

    /** What all calls share. */
    private record Measuring(
            AtomicLongArray dueNs,
            int perSecond,
            Delays delays,
            CountDownLatch open,
            AtomicReference<Throwable> fault) {}

    /**
     * Measures.
     *
     * @param in how the readings are written
     * @param target who is watched
     * @param perSecond readings a second, over all metrics alike
     */
    static Delays measure(WayIn in, String target, String token, List<String> metrics, int perSecond, int seconds)
            throws Exception {
        int count = perSecond * seconds;
        Measuring measuring = new Measuring(
                new AtomicLongArray(count + 1),
                perSecond,
                new Delays(new ConcurrentHistogram(3), new ConcurrentHistogram(3)),
                new CountDownLatch(metrics.size()),
                new AtomicReference<>());
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        List<ManagedChannel> connections = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                connections.add(NettyChannelBuilder.forTarget(target)
                        .usePlaintext()
                        .directExecutor()
                        .build());
            }
            for (int i = 0; i < metrics.size(); i++) {
                SeriesServiceGrpc.newStub(connections.get(i % CONNECTIONS))
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                        .watch(
                                WatchRequest.newBuilder()
                                        .setMetricId(metrics.get(i))
                                        .setResolution("1s")
                                        .build(),
                                new Watcher(measuring));
            }
            if (!measuring.open.await(OPEN_TIMEOUT_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not all calls were open in time", measuring.fault.get());
            }
            send(in, metrics, measuring, perSecond, count);
            TimeUnit.MILLISECONDS.sleep(SETTLE_MS);
        } finally {
            connections.forEach(ManagedChannel::shutdownNow);
        }
        if (measuring.fault.get() != null) {
            throw new IllegalStateException("a call has ended, or readings were refused", measuring.fault.get());
        }
        return measuring.delays;
    }

    private static void send(WayIn in, List<String> metrics, Measuring measuring, int perSecond, int count)
            throws Exception {
        AtomicLong next = new AtomicLong();
        PacedSender.run(perSecond / BATCH, count / BATCH, due -> {
            List<WayIn.Sample> batch = new ArrayList<>(BATCH);
            for (int i = 0; i < BATCH; i++) {
                int value = (int) next.incrementAndGet();
                measuring.dueNs.set(value, due);
                batch.add(new WayIn.Sample(metrics.get(value % metrics.size()), value, System.currentTimeMillis()));
            }
            try {
                var unused = in.send(0, batch).whenComplete((done, fault) -> {
                    if (fault != null) {
                        measuring.fault.compareAndSet(null, fault);
                    }
                });
            } catch (Exception e) {
                measuring.fault.compareAndSet(null, e);
            }
        });
    }

    /** Notes when the first value of each window comes; its number is the value. */
    private static final class Watcher implements StreamObserver<WatchResponse> {
        private final Measuring measuring;

        Watcher(Measuring measuring) {
            this.measuring = measuring;
        }

        @Override
        public void onNext(WatchResponse response) {
            if (response.hasCaughtUp()) {
                measuring.open.countDown();
            } else if (response.getPoint().getCount() == 1) {
                int value = (int) response.getPoint().getLast();
                if (value > 0 && value < measuring.dueNs.length()) {
                    Delays delays = measuring.delays;
                    (value <= measuring.perSecond ? delays.first : delays.later)
                            .recordValue(Math.max(0, System.nanoTime() - measuring.dueNs.get(value)));
                }
            }
        }

        /** The end of the measurement ends the calls, too; what was measured is known by then. */
        @Override
        public void onError(Throwable fault) {
            if (measuring.open.getCount() > 0) {
                measuring.fault.compareAndSet(null, fault);
            }
        }

        @Override
        public void onCompleted() {}
    }
}
