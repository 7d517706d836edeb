package io.tailrace.projections.drive;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The numbers of one projection. Thread-safe. */
final class ProjectionMeters {
    private final MeterRegistry registry;
    private final Tags tags;
    private final Counter applied;
    private final Counter ignored;
    private final Counter poisoned;
    private final Counter lost;
    private final Counter fenced;
    private final Counter failures;
    private final Counter rebuilds;
    private final Map<Integer, Lag> lags = new ConcurrentHashMap<>();

    private record Lag(AtomicLong records, Gauge gauge) {}

    ProjectionMeters(MeterRegistry registry, String projection) {
        this.registry = registry;
        this.tags = Tags.of("projection", projection);
        applied = records("applied");
        ignored = records("ignored");
        poisoned = records("poisoned");
        lost = records("lost");
        fenced = counter("fenced", "Transactions refused because another instance had moved the position");
        failures = counter("failures", "Attempts that failed and were made again");
        rebuilds = counter("rebuilds", "Times that the log no longer held what the rows were made from");
    }

    void applied(int records, int ignoredRecords) {
        applied.increment(records);
        ignored.increment(ignoredRecords);
    }

    void poisoned(int records) {
        poisoned.increment(records);
    }

    /** Records that retention had deleted before they were applied. */
    void lost(long records) {
        lost.increment(records);
    }

    void fenced() {
        fenced.increment();
    }

    void failed() {
        failures.increment();
    }

    void rebuilt() {
        rebuilds.increment();
    }

    /** Records of the partition that are in the log and not in the rows. */
    void lag(int partition, long records) {
        lags.computeIfAbsent(partition, this::newLag).records().set(records);
    }

    /** The partition belongs to somebody else now. */
    void forget(int partition) {
        Lag lag = lags.remove(partition);
        if (lag != null) {
            registry.remove(lag.gauge());
        }
    }

    private Lag newLag(int partition) {
        AtomicLong records = new AtomicLong();
        Gauge gauge = Gauge.builder("tailrace.projection.lag", records, AtomicLong::get)
                .description("Records of the partition that are in the log and not yet in the copy")
                .tags(tags.and("partition", Integer.toString(partition)))
                .register(registry);
        return new Lag(records, gauge);
    }

    private Counter records(String outcome) {
        return Counter.builder("tailrace.projection.records")
                .description("Records read, by what became of them")
                .tags(tags.and("outcome", outcome))
                .register(registry);
    }

    private Counter counter(String what, String description) {
        return Counter.builder("tailrace.projection." + what)
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
