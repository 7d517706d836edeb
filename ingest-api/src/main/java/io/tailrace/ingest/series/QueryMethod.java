package io.tailrace.ingest.series;

import com.google.protobuf.Timestamp;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServiceDescriptor;
import io.tailrace.grpc.series.v1.Metric;
import io.tailrace.grpc.series.v1.Point;
import io.tailrace.grpc.series.v1.QueryRequest;
import io.tailrace.grpc.series.v1.QueryResponse;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.metric.MetricAccess;
import io.tailrace.ingest.metric.Metrics;
import io.tailrace.kit.grpc.GrpcMethods;
import io.tailrace.kit.grpc.PacedCalls;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.security.Caller;
import io.tailrace.kit.series.SeriesSettings;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code SeriesService.Query}: what {@code GET /metrics/{id}/series} answers, in parts. Thread-safe. */
@Singleton
final class QueryMethod implements GrpcMethods {
    /** Points of one response. */
    private static final int PART = 500;

    private final PacedCalls calls;
    private final MetricAccess access;
    private final Metrics metrics;
    private final SeriesReader reader;
    private final SeriesSettings series;
    private final SeriesQuerySettings settings;

    QueryMethod(
            PacedCalls calls,
            MetricAccess access,
            Metrics metrics,
            SeriesReader reader,
            SeriesSettings series,
            SeriesQuerySettings settings) {
        this.calls = calls;
        this.access = access;
        this.metrics = metrics;
        this.reader = reader;
        this.series = series;
        this.settings = settings;
    }

    @Override
    public ServiceDescriptor service() {
        return SeriesServiceGrpc.getServiceDescriptor();
    }

    @Override
    public List<ServerMethodDefinition<?, ?>> methods() {
        return List.of(calls.read(SeriesServiceGrpc.getQueryMethod(), settings.writeTimeout(), this::answer));
    }

    private void answer(QueryRequest request, Caller caller, PacedCalls.Parts<QueryResponse> parts) {
        access.require(caller);
        UUID id = Ids.parse("metric_id", request.getMetricId());
        SeriesRequest wanted = SeriesRequest.read(parameters(request), series.all(), Instant.now(), series.ahead());
        io.tailrace.ingest.metric.Metric metric = metrics.get(id);
        reader.enter();
        try {
            send(reader.answer(metric, wanted, reader.find(metric, wanted)), parts);
        } finally {
            reader.leave();
        }
    }

    private static SeriesRequest.Parameters parameters(QueryRequest request) {
        return new SeriesRequest.Parameters(
                request.hasFrom() ? time("from", request.getFrom()) : null,
                request.hasTo() ? time("to", request.getTo()) : null,
                request.getResolution().isEmpty() ? null : request.getResolution(),
                request.getMaxPoints() == 0 ? null : Integer.toUnsignedString(request.getMaxPoints()),
                null,
                null);
    }

    private static @Nullable String time(String field, Timestamp time) {
        try {
            return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
        } catch (DateTimeException | ArithmeticException e) {
            throw ProblemException.invalid(field, "is out of range, expected a time from 1970 to 2999");
        }
    }

    private static void send(SeriesBytes.Answer answer, PacedCalls.Parts<QueryResponse> parts) {
        SeriesBytes.MetricView view = answer.metric();
        Metric.Builder metric = Metric.newBuilder().setId(view.id().toString()).setName(view.name());
        String unit = view.unit();
        if (unit != null) {
            metric.setUnit(unit);
        }
        TimeRange range = answer.request().range();
        QueryResponse.Builder part = QueryResponse.newBuilder()
                .setMetric(metric)
                .setResolution(answer.request().resolution().label())
                .setFrom(timestamp(range.from()))
                .setTo(timestamp(range.to()))
                .setChannel(answer.channel())
                .setPosition(answer.position());
        SeriesBytes.Domain domain = answer.domain();
        if (domain != null) {
            part.setLeast(domain.least()).setGreatest(domain.greatest());
        }
        for (SeriesRow row : answer.rows()) {
            if (part.getPointsCount() == PART) {
                parts.send(part.build());
                part = QueryResponse.newBuilder();
            }
            part.addPoints(point(row));
        }
        parts.send(part.build());
    }

    private static Point point(SeriesRow row) {
        Point.Builder point = Point.newBuilder().setTime(timestamp(Instant.ofEpochMilli(row.tMs())));
        if (row.isGap()) {
            return point.build();
        }
        return point.setCount(row.count())
                .setSum(row.sum())
                .setMin(row.min())
                .setMax(row.max())
                .setMean(row.mean())
                .setFirst(row.first())
                .setLast(row.last())
                .setLastAt(Timestamp.newBuilder()
                        .setSeconds(Math.floorDiv(row.lastAtUs(), TimeUnit.SECONDS.toMicros(1)))
                        .setNanos((int) TimeUnit.MICROSECONDS.toNanos(
                                Math.floorMod(row.lastAtUs(), TimeUnit.SECONDS.toMicros(1)))))
                .setP50(row.p50())
                .setP95(row.p95())
                .setP99(row.p99())
                .build();
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
