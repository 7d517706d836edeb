package io.tailrace.search.drive;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The numbers of one index. Thread-safe. */
final class IndexMeters {
    private final MeterRegistry registry;
    private final Tags tags;
    private final Counter indexed;
    private final Counter ignored;
    private final Counter poisoned;
    private final Counter failures;
    private final Counter rebuilds;
    private final Timer bulks;
    private final Map<Integer, Lag> lags = new ConcurrentHashMap<>();

    private record Lag(AtomicLong records, Gauge gauge) {}

    IndexMeters(MeterRegistry registry, String index) {
        this.registry = registry;
        this.tags = Tags.of("index", index);
        indexed = records("indexed");
        ignored = records("ignored");
        poisoned = records("poisoned");
        failures = Counter.builder("tailrace.search.indexer.failures")
                .description("Attempts that failed and were made again")
                .tags(tags)
                .register(registry);
        rebuilds = Counter.builder("tailrace.search.indexer.rebuilds")
                .description("Times that the log no longer held what the index was made from")
                .tags(tags)
                .register(registry);
        bulks = Timer.builder("tailrace.search.indexer.bulk")
                .description("Bulk requests to Elasticsearch")
                .tags(tags)
                .register(registry);
    }

    void indexed(int records, int ignoredRecords) {
        indexed.increment(records);
        ignored.increment(ignoredRecords);
    }

    void poisoned(int records) {
        poisoned.increment(records);
    }

    void failed() {
        failures.increment();
    }

    void rebuilt() {
        rebuilds.increment();
    }

    void bulk(Duration took) {
        bulks.record(took);
    }

    /** Records of the partition that are in the log and not in the index. */
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
        Gauge gauge = Gauge.builder("tailrace.search.indexer.lag", records, AtomicLong::get)
                .description("Records of the partition that are in the log and not yet in Elasticsearch")
                .tags(tags.and("partition", Integer.toString(partition)))
                .register(registry);
        return new Lag(records, gauge);
    }

    private Counter records(String outcome) {
        return Counter.builder("tailrace.search.indexer.records")
                .description("Records read, by what became of them")
                .tags(tags.and("outcome", outcome))
                .register(registry);
    }
}
