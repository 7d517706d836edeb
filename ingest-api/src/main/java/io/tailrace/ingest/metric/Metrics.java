package io.tailrace.ingest.metric;

import io.tailrace.contracts.channel.KeyPartition;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.cache.FactCache;
import io.tailrace.kit.cache.FactCaches;
import io.tailrace.kit.cache.Loaded;
import io.tailrace.kit.cache.Version;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Which metrics there are. A metric that was answered with 201 is found from then on: those made or found here are
 * remembered, and for the others the projection is asked, again once it has passed the log's end as of the question.
 * Thread-safe; blocks when it must ask.
 */
@Singleton
public class Metrics {
    /** The name of the projection that fills the table. */
    private static final String PROJECTION = "metrics";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final MetricRows rows;
    private final Database database;
    private final ProjectionWait projection;
    private final FactCache<Metric> known;

    Metrics(MetricRows rows, Database database, ProjectionWait projection, FactCaches caches, MetricSettings settings) {
        this.rows = rows;
        this.database = database;
        this.projection = projection;
        this.known = caches.unchanging("metrics", Topics.METRICS, Metric.class, settings.knownMetrics());
    }

    /** Remembers a metric that is in the log. */
    void remember(Metric metric) {
        known.made(metric.id().toString(), metric);
    }

    /**
     * The metric with this id.
     *
     * @throws ProblemException 404 if there is none, 503 if that could not be found out in time
     */
    public Metric get(UUID id) {
        return known.get(id.toString(), () -> load(id))
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "There is no metric with the id " + id));
    }

    /**
     * Whether there is a metric with this id as far as the copy goes, which may lag behind the log. For metrics whose ids are derived:
     * making one that there is already does no harm.
     *
     * @throws ProblemException 503 if PostgreSQL is away
     */
    boolean isCopied(UUID id) {
        return known.get(id.toString(), () -> find(id, partition(id))).isPresent();
    }

    private static int partition(UUID id) {
        return KeyPartition.of(id.toString().getBytes(StandardCharsets.UTF_8), Topics.FACT_PARTITIONS);
    }

    /**
     * Whether there is a metric with this id.
     *
     * @throws ProblemException 503 if that could not be found out in time
     */
    boolean exists(UUID id) {
        return known.get(id.toString(), () -> load(id)).isPresent();
    }

    private Optional<Loaded<Metric>> load(UUID id) {
        int partition = partition(id);
        Optional<Loaded<Metric>> found = find(id, partition);
        if (found.isEmpty()) {
            boolean caughtUp = projection.catchUp(PROJECTION, Topics.METRICS, partition);
            found = find(id, partition);
            if (found.isEmpty() && !caughtUp) {
                throw ProblemException.unavailable("The copy of the metrics lags behind the log", RETRY_AFTER, null);
            }
        }
        return found;
    }

    private Optional<Loaded<Metric>> find(UUID id, int partition) {
        // Before the row, which is then at least as new.
        Version version = projection.version(PROJECTION, Topics.METRICS, partition);
        return database.call(() -> rows.findById(id)).map(metric -> new Loaded<>(metric, version));
    }
}
