package io.tailrace.search.query;

import co.elastic.clients.elasticsearch.ElasticsearchAsyncClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of indexes that this process has opened for people who turn pages. Each holds files of Elasticsearch, so
 * there are only so many: the one that was used the longest ago is given up for a new one. Those whose time has run out
 * Elasticsearch closes by itself. Thread-safe.
 */
final class OpenPages {
    private static final Logger LOG = LoggerFactory.getLogger(OpenPages.class);

    private final ElasticsearchAsyncClient client;
    private final int most;
    private final long timeoutNs;
    /** In the order of their last use: when, in nanoseconds. */
    private final Map<String, Long> open = new LinkedHashMap<>();

    OpenPages(ElasticsearchAsyncClient client, int most, Duration timeout, MeterRegistry registry) {
        this.client = client;
        this.most = most;
        this.timeoutNs = timeout.toNanos();
        Gauge.builder("tailrace.search.open.pages", this, OpenPages::count)
                .description("Snapshots that are kept for those who turn pages, at most tailrace.search.max-open-pages")
                .register(registry);
    }

    /** It was used just now, maybe for the first time. */
    void used(String snapshot) {
        List<String> surplus = new ArrayList<>();
        synchronized (open) {
            open.remove(snapshot);
            long nowNs = System.nanoTime();
            open.values().removeIf(usedNs -> nowNs - usedNs > timeoutNs);
            open.put(snapshot, nowNs);
            while (open.size() > most) {
                String eldest = open.keySet().iterator().next();
                open.remove(eldest);
                surplus.add(eldest);
            }
        }
        surplus.forEach(this::close);
    }

    /** Nobody will ask for more of it. */
    void done(String snapshot) {
        synchronized (open) {
            open.remove(snapshot);
        }
        close(snapshot);
    }

    /** Without waiting: if it fails, Elasticsearch closes it when its time has run out. */
    private void close(String snapshot) {
        var unused = client.closePointInTime(close -> close.id(snapshot)).whenComplete((closed, e) -> {
            if (e != null) {
                LOG.debug("a snapshot was not closed", e);
            }
        });
    }

    private double count() {
        synchronized (open) {
            return open.size();
        }
    }
}
