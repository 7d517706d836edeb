package io.tailrace.edge.grpc;

import io.grpc.CallOptions;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServiceDescriptor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.http.StreamService;
import io.tailrace.edge.stream.StreamPlan;
import io.tailrace.edge.watch.WatchCursor;
import io.tailrace.edge.watch.WatchPlan;
import io.tailrace.edge.watch.WatchQuestion;
import io.tailrace.edge.watch.WatchedHistory;
import io.tailrace.grpc.series.v1.QueryRequest;
import io.tailrace.grpc.series.v1.SeriesServiceGrpc;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.kit.grpc.CallMetadata;
import io.tailrace.kit.grpc.GrpcMethods;
import io.tailrace.kit.grpc.PeerCalls;
import io.tailrace.kit.series.SeriesSettings;
import io.tailrace.kit.time.MonotonicTime;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code SeriesService.Watch}: a stream of the channel of a metric's points, as those of {@link Subscriptions}, whose history comes from
 * {@code Query}, in this process or another one. Thread-safe.
 */
@Singleton
final class Watches implements GrpcMethods {
    private final StreamService service;
    private final CallStreams streams;
    private final EdgeSettings.Watch watch;
    private final Resolutions resolutions;
    private final long aheadMs;
    private final Namespaces namespaces;
    private final PeerCalls peers;
    private final UnreadablePoints unreadable;
    private final HistoryBudget budget;
    private final QueryPlaces places;
    private final SecureRandom random = new SecureRandom();

    Watches(
            StreamService service,
            CallStreams streams,
            EdgeSettings.Watch watch,
            SeriesSettings series,
            Namespaces namespaces,
            PeerCalls peers,
            UnreadablePoints unreadable,
            MeterRegistry meters) {
        this.service = service;
        this.streams = streams;
        this.watch = watch;
        this.resolutions = series.all();
        this.aheadMs = series.ahead().toMillis();
        this.namespaces = namespaces;
        this.peers = peers;
        this.unreadable = unreadable;
        this.budget = new HistoryBudget(watch.historyBytes());
        this.places = new QueryPlaces(
                watch.queries(), task -> Thread.ofVirtual().name("watch-query").start(task));
        var unused = Gauge.builder("tailrace.edge.watch.history.bytes", budget, HistoryBudget::bytes)
                .description("Bytes of histories that the clients of Watch have not taken")
                .register(meters);
    }

    @Override
    public ServiceDescriptor service() {
        return SeriesServiceGrpc.getServiceDescriptor();
    }

    @Override
    public List<ServerMethodDefinition<?, ?>> methods() {
        var declared = SeriesServiceGrpc.getWatchMethod();
        var method = declared.toBuilder(declared.getRequestMarshaller(), ResponseBytes.MARSHALLER)
                .build();
        return List.of(ServerMethodDefinition.create(method, (call, headers) -> {
            // Two, so that a client that sends a second one is found out.
            call.request(2);
            return new WatchCall(call, CallMetadata.of(call.getAttributes(), headers), this, streams);
        }));
    }

    WatchQuestion read(WatchRequest request) {
        return WatchQuestion.read(request, resolutions, System.currentTimeMillis());
    }

    /** Decides whether the caller may subscribe to the channel. */
    CompletionStage<StreamService.Outcome> decide(WatchQuestion question, CallMetadata metadata) {
        WatchCursor cursor = question.cursor();
        return service.decide(
                List.of(question.channel()),
                question.readsOldest() ? "earliest" : "live",
                cursor == null ? "" : cursor.position(),
                0,
                metadata.token(),
                streams.address(metadata));
    }

    /** A place among the queries that are under way. */
    QueryPlaces.Place place() {
        return places.enter();
    }

    /** How long one waits for a place. */
    Duration patience() {
        return watch.queryTimeout();
    }

    /** A query for the history; null if nobody answers it. */
    PeerCalls.@Nullable Prepared<QueryRequest, byte[]> query(CallMetadata metadata) {
        String target = watch.target();
        return peers.prepare(
                HistoryQuery.METHOD,
                CallOptions.DEFAULT.withDeadlineAfter(watch.queryTimeout().toMillis(), TimeUnit.MILLISECONDS),
                metadata,
                target == null || target.isBlank() ? null : new PeerCalls.Target(target, watch.tls()));
    }

    HistoryBudget.Share share(CallMetadata metadata) {
        return budget.open(streams.address(metadata));
    }

    QueryRequest request(WatchQuestion question) {
        return WatchPlan.query(question, aheadMs);
    }

    WatchPlan plan(WatchQuestion question, WatchedHistory answer) {
        long keptMs = namespaces
                .of(new Channel(question.channel()))
                .map(namespace -> namespace.retention().toMillis())
                .orElse(0L);
        return WatchPlan.of(question, answer, random.nextLong(), keptMs);
    }

    WatchResponses responses(WatchQuestion question, WatchPlan plan, StreamPlan stream, HistoryBudget.Share share) {
        return new WatchResponses(
                question,
                plan,
                stream.isReplay(),
                share::release,
                unreadable,
                MonotonicTime::nowMs,
                System::currentTimeMillis);
    }
}
