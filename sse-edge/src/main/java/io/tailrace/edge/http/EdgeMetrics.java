package io.tailrace.edge.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tailrace.edge.log.TailStats;
import io.tailrace.edge.log.Tailer;
import io.tailrace.edge.loop.EdgeLoop;
import io.tailrace.edge.loop.EdgeLoops;
import io.tailrace.edge.replay.LastLocator;
import io.tailrace.edge.replay.ReplayReader;
import io.tailrace.edge.replay.ReplayStats;
import io.tailrace.edge.stream.LoopStats;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * The edge's meters. Nothing is counted on the way of a delivery: each loop counts in plain fields, and a scrape adds up
 * what they published with their last tick.
 */
@Singleton
final class EdgeMetrics implements MeterBinder {
    private static final String PREFIX = "tailrace.edge.";

    private final EdgeLoops loops;
    private final Tailer tailer;
    private final ReplayReader replay;
    private final LastLocator locator;
    private final ConnectionSlots slots;

    EdgeMetrics(EdgeLoops loops, Tailer tailer, ReplayReader replay, LastLocator locator, ConnectionSlots slots) {
        this.loops = loops;
        this.tailer = tailer;
        this.replay = replay;
        this.locator = locator;
        this.slots = slots;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(PREFIX + "connections", slots, ConnectionSlots::taken)
                .description("Connections with a stream")
                .register(registry);
        Gauge.builder(PREFIX + "connections.limit", slots, ConnectionSlots::limit)
                .description("The most streams that there may be")
                .register(registry);
        bindStreams(registry);
        bindTail(registry);
        bindReplay(registry);
    }

    private void bindStreams(MeterRegistry registry) {
        gauge(registry, "streams", "Open streams", LoopStats::streams);
        lanes(registry, "pending", LoopStats::pendingLanes);
        lanes(registry, "live", LoopStats::liveLanes);
        lanes(registry, "catching_up", LoopStats::catchingUpLanes);
        lanes(registry, "replaying", LoopStats::replayingLanes);
        lanes(registry, "ahead", LoopStats::aheadLanes);
        gauge(registry, "loop.windows.bytes", "Bytes that the loops' windows refer to", LoopStats::windowBytes);
        gauge(
                registry,
                "replay.cache.bytes",
                "Bytes that the loops' replay caches refer to",
                LoopStats::replayCacheBytes);
        Gauge.builder(PREFIX + "loop.backlog.bytes", loops, EdgeMetrics::backlogBytes)
                .description("Bytes of batches that the event loops have not taken yet")
                .register(registry);
        counter(
                registry,
                "loop.replay.requests",
                "Chunks of older records that the loops asked for",
                LoopStats::replayRequestsTotal);
        counter(
                registry,
                "loop.replay.chunks",
                "Chunks of older records that the loops got, those among them that another asked for",
                LoopStats::replayChunksTotal);
        gauge(registry, "pending.bytes", "Bytes written that the network has not taken", LoopStats::pendingBytes);
        counter(
                registry,
                "held.back",
                "How often a stream was held back because all together had too much pending",
                LoopStats::heldBackTotal);
        counter(
                registry,
                "cut",
                "Streams closed in the middle of an event whose rest could not be read",
                LoopStats::cutTotal);
        counter(registry, "deliveries", "Events delivered", LoopStats::deliveriesTotal);
        counter(registry, "bytes", "Bytes delivered", LoopStats::appendedBytesTotal);
        counter(registry, "writes", "Writes to connections", LoopStats::flushesTotal);
        counter(registry, "gaps", "stream.gap events", LoopStats::gapsTotal);
        counter(registry, "resets", "stream.reset events", LoopStats::resetsTotal);
        counter(registry, "stalled", "Streams closed because their client stopped reading", LoopStats::stalledTotal);
        counter(
                registry,
                "unanswered",
                "Streams closed because their client did not answer a Ping",
                LoopStats::unansweredTotal);
        counter(registry, "failed", "Streams closed because something has thrown for them", LoopStats::failedTotal);
        FunctionCounter.builder(PREFIX + "faults", loops, EdgeMetrics::faults)
                .description("Exceptions that the event loops have survived")
                .register(registry);
        Gauge.builder(PREFIX + "frames.per.write", this, metrics -> metrics.framesPerWrite())
                .description("Events per write since the start")
                .register(registry);
    }

    private void bindTail(MeterRegistry registry) {
        tail(registry, "partitions", "Partitions that are read", TailStats::partitions);
        tail(registry, "partitions.unavailable", "Partitions that can't be read now", TailStats::unavailable);
        tail(registry, "lag.records", "Committed records that were not read yet", TailStats::lagRecords);
        tail(registry, "window.bytes", "Bytes of the partitions' windows", TailStats::windowBytes);
        tailTotal(registry, "records", "Records read", TailStats::recordsTotal);
        tailTotal(registry, "faults", "Reads that failed", TailStats::faultsTotal);
        tailTotal(registry, "pauses", "How often reading waited for an event loop", TailStats::pausesTotal);
        tailer.loop().bindTo(registry);
    }

    private void bindReplay(MeterRegistry registry) {
        replay.loops().forEach(loop -> loop.bindTo(registry));
        Gauge.builder(PREFIX + "replay.waiting", replay, r -> r.stats().waiting())
                .description("Replay requests that wait")
                .register(registry);
        Gauge.builder(PREFIX + "replay.reading", replay, r -> r.stats().inFlight())
                .description("Ranges that are being read")
                .register(registry);
        Gauge.builder(PREFIX + "replay.shared.bytes", replay, r -> r.stats().cacheBytes())
                .description("Bytes of older records that were read lately and are kept")
                .register(registry);
        replayTotal(registry, "requests", "Replay requests of the loops", ReplayStats::requestsTotal);
        replayTotal(registry, "reads", "Ranges read", ReplayStats::readsTotal);
        replayTotal(registry, "cached", "Ranges that were in memory", ReplayStats::cachedTotal);
        replayTotal(registry, "failed", "Ranges that could not be read", ReplayStats::failedTotal);
        replayTotal(registry, "bytes", "Bytes of records read", ReplayStats::bytesTotal);
        Gauge.builder(PREFIX + "last.waiting", locator, LastLocator::waiting)
                .description("Requests with last:N that wait")
                .register(registry);
    }

    private static double backlogBytes(EdgeLoops loops) {
        return loops.all().stream().mapToLong(EdgeLoop::backlogBytes).sum();
    }

    private static double faults(EdgeLoops loops) {
        return loops.all().stream().mapToLong(EdgeLoop::faultsTotal).sum();
    }

    private double framesPerWrite() {
        long writes = sum(LoopStats::flushesTotal);
        return writes == 0 ? 0 : (double) sum(LoopStats::deliveriesTotal) / writes;
    }

    private long sum(ToLongFunction<LoopStats> field) {
        return loops.stats().stream().mapToLong(field).sum();
    }

    private void gauge(MeterRegistry registry, String name, String description, ToLongFunction<LoopStats> field) {
        Gauge.builder(PREFIX + name, this, metrics -> metrics.sum(field))
                .description(description)
                .register(registry);
    }

    private void lanes(MeterRegistry registry, String state, ToIntFunction<LoopStats> field) {
        Gauge.builder(PREFIX + "lanes", this, metrics -> metrics.sum(field::applyAsInt))
                .description("Positions of streams in partitions, by state")
                .tag("state", state)
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, String description, ToLongFunction<LoopStats> field) {
        FunctionCounter.builder(PREFIX + name, this, metrics -> metrics.sum(field))
                .description(description)
                .register(registry);
    }

    private void tail(MeterRegistry registry, String name, String description, ToDoubleFunction<TailStats> field) {
        Gauge.builder(PREFIX + "tail." + name, tailer, t -> field.applyAsDouble(t.stats()))
                .description(description)
                .register(registry);
    }

    private void tailTotal(MeterRegistry registry, String name, String description, ToDoubleFunction<TailStats> field) {
        FunctionCounter.builder(PREFIX + "tail." + name, tailer, t -> field.applyAsDouble(t.stats()))
                .description(description)
                .register(registry);
    }

    private void replayTotal(
            MeterRegistry registry, String name, String description, ToDoubleFunction<ReplayStats> field) {
        FunctionCounter.builder(PREFIX + "replay." + name, replay, r -> field.applyAsDouble(r.stats()))
                .description(description)
                .register(registry);
    }
}
