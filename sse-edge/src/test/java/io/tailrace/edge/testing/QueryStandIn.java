package io.tailrace.edge.testing;

import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tailrace.grpc.series.v1.Metric;
import io.tailrace.grpc.series.v1.Point;
import io.tailrace.grpc.series.v1.QueryRequest;
import io.tailrace.grpc.series.v1.QueryResponse;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc.SeriesServiceImplBase;
import io.tailrace.kit.grpc.ProblemStatus;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code Query} as {@code ingest-api} does, of played series, at a free port; it is strict about what it is asked.
 */
public final class QueryStandIn implements AutoCloseable {
    private static final int PART = 7;
    private static final long MOST_WINDOWS = 50_000;
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Map<String, PlayedSeries> series = new ConcurrentHashMap<>();
    private final Server server;
    private volatile @Nullable String token;
    private volatile @Nullable RuntimeException refusal;

    private QueryStandIn() throws IOException {
        server = NettyServerBuilder.forAddress(
                        new InetSocketAddress("127.0.0.1", 0), InsecureServerCredentials.create())
                .addService(new Queries())
                .intercept(new Tokens())
                .build()
                .start();
    }

    /** Starts it. */
    public static QueryStandIn start() {
        try {
            return new QueryStandIn();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Where it is, as an edge is told. */
    public String target() {
        return "dns:///127.0.0.1:" + server.getPort();
    }

    /** A new metric that it knows. */
    public PlayedSeries series() {
        PlayedSeries made = new PlayedSeries();
        series.put(made.metric(), made);
        return made;
    }

    /** The token that the last query came with; null if it had none. */
    public @Nullable String lastToken() {
        return token;
    }

    /** Refuses all queries from now on; null: answers them again. */
    public void refuse(@Nullable RuntimeException with) {
        refusal = with;
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private final class Queries extends SeriesServiceImplBase {
        @Override
        public void query(QueryRequest request, StreamObserver<QueryResponse> answer) {
            RuntimeException with = refusal;
            PlayedSeries found = series.get(request.getMetricId());
            if (with != null) {
                answer.onError(with);
            } else if (found == null) {
                answer.onError(
                        ProblemStatus.of(new ProblemException(ProblemType.NOT_FOUND, "There is no such metric")));
            } else if (!request.hasFrom()
                    || (request.hasTo() && SeriesPoints.compare(request.getTo(), request.getFrom()) <= 0)
                    || Integer.compareUnsigned(request.getMaxPoints(), 10_000) > 0
                    || windows(request) > MOST_WINDOWS) {
                answer.onError(new AssertionError("not a query that is answered: " + request));
            } else {
                send(request, found, answer);
            }
        }

        private static long windows(QueryRequest request) {
            long toMs = request.hasTo() ? SeriesPoints.ms(request.getTo()) : System.currentTimeMillis();
            return (toMs - SeriesPoints.ms(request.getFrom())) / 1_000;
        }

        private void send(QueryRequest request, PlayedSeries found, StreamObserver<QueryResponse> answer) {
            PlayedSeries.Snapshot snapshot = found.snapshot();
            QueryResponse.Builder part = QueryResponse.newBuilder()
                    .setMetric(Metric.newBuilder()
                            .setId(found.metric())
                            .setName("played")
                            .setUnit("m"))
                    .setResolution("1s")
                    .setChannel(found.channel())
                    .setPosition(snapshot.position());
            for (Point point : points(request, snapshot)) {
                if (part.getPointsCount() == PART) {
                    answer.onNext(part.build());
                    part = QueryResponse.newBuilder();
                }
                part.addPoints(point);
            }
            answer.onNext(part.build());
            answer.onCompleted();
        }

        /** With a gap behind each window whose next one is more than two windows away. */
        private static List<Point> points(QueryRequest request, PlayedSeries.Snapshot snapshot) {
            long fromMs = Math.floorDiv(SeriesPoints.ms(request.getFrom()), 1_000L) * 1_000;
            long toMs = request.hasTo() ? SeriesPoints.ms(request.getTo()) : Long.MAX_VALUE;
            List<Point> points = new ArrayList<>();
            long before = Long.MAX_VALUE;
            for (Map.Entry<Long, Long> row : snapshot.rows().entrySet()) {
                long tMs = row.getKey();
                if (tMs < fromMs || tMs >= toMs) {
                    continue;
                }
                if (before != Long.MAX_VALUE && tMs - before > 2_000) {
                    points.add(Point.newBuilder()
                            .setTime(SeriesPoints.time(before + 1_000))
                            .build());
                }
                points.add(SeriesPoints.point(tMs, row.getValue()));
                before = tMs;
            }
            return points;
        }
    }

    private final class Tokens implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            token = headers.get(AUTHORIZATION);
            return next.startCall(call, headers);
        }
    }
}
