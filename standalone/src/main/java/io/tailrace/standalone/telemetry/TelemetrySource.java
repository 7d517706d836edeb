package io.tailrace.standalone.telemetry;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the machine's readings once a second. While the API does not answer, readings are dropped and not kept: a
 * chart of now has no use for those of before. Runs on one thread of its own until it is closed.
 */
public final class TelemetrySource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TelemetrySource.class);
    private static final long STOP_LIMIT_MS = 2000;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("telemetry").daemon().factory());
    private final Machine machine = new Machine();
    private final Map<MachineMetric, String> ids = new EnumMap<>(MachineMetric.class);
    private final MetricsApi api;
    private Counters before = machine.read();
    private boolean failing;

    private TelemetrySource(MetricsApi api) {
        this.api = api;
    }

    /**
     * Starts it.
     *
     * @param origin of the write API
     * @param token gives a valid token, asked at each request
     */
    public static TelemetrySource start(URI origin, Supplier<String> token) {
        TelemetrySource source = new TelemetrySource(new MetricsApi(origin, token));
        var unused = source.thread.scheduleAtFixedRate(source::publish, 1, 1, TimeUnit.SECONDS);
        return source;
    }

    private void publish() {
        try {
            Counters after = machine.read();
            Instant at = Instant.now();
            for (MachineMetric metric : MachineMetric.values()) {
                String id = ids.get(metric);
                if (id == null) {
                    id = api.create(metric.title());
                    ids.put(metric, id);
                }
                api.publish(id, metric.reading(before, after), at);
            }
            before = after;
            note(null);
        } catch (IOException | RuntimeException e) {
            note(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An API that is away for an hour is two lines of log and not 3,600. */
    private void note(@org.jspecify.annotations.Nullable Exception failure) {
        if (failure != null && !failing) {
            LOG.warn("Telemetry is not accepted: {}", failure.toString());
        } else if (failure == null && failing) {
            LOG.info("Telemetry is accepted again");
        }
        failing = failure != null;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(STOP_LIMIT_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("Telemetry did not stop within {} ms", STOP_LIMIT_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        api.close();
    }
}
