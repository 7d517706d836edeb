package io.tailrace.ingest.metric;

import io.tailrace.contracts.channel.KeyPartition;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Which metrics there are. A metric that was answered with 201 is found from then on: those made or found here are
 * remembered, and for the others the projection is asked, again once it has passed the log's end as of the question.
 * Thread-safe; blocks when it must ask.
 */
@Singleton
class Metrics {
    /** The name of the projection that fills the table. */
    private static final String PROJECTION = "metrics";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final MetricRows rows;
    private final Database database;
    private final ProjectionWait projection;
    private final Map<UUID, Metric> known;

    Metrics(MetricRows rows, Database database, ProjectionWait projection, MetricSettings settings) {
        this.rows = rows;
        this.database = database;
        this.projection = projection;
        this.known = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<UUID, Metric> eldest) {
                return size() > settings.knownMetrics();
            }
        });
    }

    /** Remembers a metric that is in the log. */
    void remember(Metric metric) {
        var unused = known.put(metric.id(), metric);
    }

    /**
     * The metric with this id.
     *
     * @throws ProblemException 404 if there is none, 503 if that could not be found out in time
     */
    Metric get(UUID id) {
        Metric remembered = known.get(id);
        if (remembered != null) {
            return remembered;
        }
        Optional<Metric> found = find(id);
        if (found.isEmpty()) {
            int partition = KeyPartition.of(id.toString().getBytes(StandardCharsets.UTF_8), Topics.FACT_PARTITIONS);
            boolean caughtUp = projection.catchUp(PROJECTION, Topics.METRICS, partition);
            found = find(id);
            if (found.isEmpty() && !caughtUp) {
                throw ProblemException.unavailable("The copy of the metrics lags behind the log", RETRY_AFTER, null);
            }
        }
        Metric metric = found.orElseThrow(
                () -> new ProblemException(ProblemType.NOT_FOUND, "There is no metric with the id " + id));
        remember(metric);
        return metric;
    }

    private Optional<Metric> find(UUID id) {
        return database.call(() -> rows.findById(id));
    }
}
