package io.tailrace.ingest.metric;

import com.google.protobuf.Timestamp;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServiceDescriptor;
import io.tailrace.grpc.series.v1.ListMetricsRequest;
import io.tailrace.grpc.series.v1.ListMetricsResponse;
import io.tailrace.grpc.series.v1.ListedMetric;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.input.Limits;
import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.grpc.GrpcMethods;
import io.tailrace.kit.grpc.UnaryCalls;
import io.tailrace.kit.security.Caller;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** {@code SeriesService.ListMetrics}: what {@code GET /metrics} answers. Thread-safe. */
@Singleton
final class ListMethod implements GrpcMethods {
    private final UnaryCalls calls;
    private final MetricAccess access;
    private final MetricList list;

    ListMethod(UnaryCalls calls, MetricAccess access, MetricList list) {
        this.calls = calls;
        this.access = access;
        this.list = list;
    }

    @Override
    public ServiceDescriptor service() {
        return SeriesServiceGrpc.getServiceDescriptor();
    }

    @Override
    public List<ServerMethodDefinition<?, ?>> methods() {
        return List.of(calls.read(SeriesServiceGrpc.getListMetricsMethod(), this::answer));
    }

    private ListMetricsResponse answer(ListMetricsRequest request, Caller caller, String address) {
        access.require(caller);
        String part = request.getNameContains();
        Faults faults = new Faults();
        faults.add("name_contains", part.isEmpty() ? null : Texts.lineFault(part, MetricController.MAX_NAME));
        faults.throwIfAny();
        MetricList.Found found = list.find(
                request.getAfter().isEmpty() ? null : Ids.parse("after", request.getAfter()),
                part.isEmpty() ? null : part,
                Limits.parse(
                        request.getLimit() == 0 ? null : Integer.toUnsignedString(request.getLimit()),
                        MetricController.DEFAULT_LIMIT,
                        MetricController.MAX_LIMIT));
        ListMetricsResponse.Builder response = ListMetricsResponse.newBuilder().setStale(!found.fresh());
        found.page().metrics().forEach(metric -> response.addMetrics(listed(metric)));
        UUID next = found.page().next();
        return (next == null ? response : response.setNext(next.toString())).build();
    }

    private static ListedMetric listed(MetricPage.Listed listed) {
        io.tailrace.grpc.series.v1.Metric.Builder metric = io.tailrace.grpc.series.v1.Metric.newBuilder()
                .setId(listed.id().toString())
                .setName(listed.name());
        String unit = listed.unit();
        if (unit != null) {
            metric.setUnit(unit);
        }
        ListedMetric.Builder built = ListedMetric.newBuilder().setMetric(metric);
        MetricPage.Last last = listed.last();
        if (last != null) {
            built.setLast(last.value()).setLastAt(timestamp(last.timestamp()));
        }
        MetricPage.Range range = listed.range();
        if (range != null) {
            built.setSince(timestamp(range.from()));
        }
        return built.build();
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
