package io.tailrace.ingest.webhook;

import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.job.JobCursor;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What was delivered to endpoints, from the projection of the jobs. Thread-safe; blocks. */
@Singleton
final class Deliveries {
    private static final String PROJECTION = "jobs";
    private static final String MESSAGE_ID = "message_id";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final DeliveryRows rows;
    private final Database database;
    private final ProjectionWait projection;

    Deliveries(DeliveryRows rows, Database database, ProjectionWait projection) {
        this.rows = rows;
        this.database = database;
        this.projection = projection;
    }

    /**
     * What was read.
     *
     * @param fresh whether it is as the log had it when it was asked for
     */
    record Found(List<DeliveryView> deliveries, boolean fresh) {}

    /** The newest before a place. */
    Found newest(UUID endpoint, JobCursor before, int limit) {
        boolean fresh = projection.catchUpAll(PROJECTION, Topics.JOB_EVENTS, Topics.FACT_PARTITIONS);
        List<DeliveryRow> found =
                database.call(() -> rows.newest(endpoint.toString(), before.micros(), before.id(), limit));
        return new Found(found.stream().map(DeliveryView::of).toList(), fresh);
    }

    /**
     * The payload of a job that sends the event of another one again, under the id that its receiver knows.
     *
     * @throws ProblemException 404 if the endpoint has no such delivery, 409 if its payload is no longer known
     */
    Map<String, Object> again(UUID endpoint, UUID job) {
        boolean fresh = projection.catchUpAll(PROJECTION, Topics.JOB_EVENTS, Topics.FACT_PARTITIONS);
        String payload = database.call(() -> rows.payload(job, endpoint.toString()))
                .orElseThrow(() -> fresh
                        ? new ProblemException(
                                ProblemType.NOT_FOUND, "The endpoint " + endpoint + " has no delivery " + job)
                        : ProblemException.unavailable("The copy of the jobs lags behind the log", RETRY_AFTER, null));
        if (payload.isEmpty()) {
            throw new ProblemException(
                    ProblemType.CONFLICT, "The event of the delivery " + job + " is no longer known");
        }
        Map<String, Object> again = new LinkedHashMap<>();
        try {
            Json.mapper()
                    .readTree(payload.getBytes(StandardCharsets.UTF_8))
                    .properties()
                    .forEach(field -> again.put(field.getKey(), field.getValue()));
        } catch (IOException e) {
            throw new IllegalStateException("a projection of jobs whose payload is no JSON", e);
        }
        again.putIfAbsent(MESSAGE_ID, job.toString());
        return again;
    }
}
