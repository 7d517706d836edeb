package io.tailrace.ingest.metric;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricCreated;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.IdempotentWrites;
import io.tailrace.ingest.idempotency.Stamp;
import io.tailrace.ingest.idempotency.WriteAnswer;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.input.Texts;
import io.tailrace.ingest.log.Appends;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.security.Caller;

/** Metrics and their readings. Where they are not open, they need a token. */
@Controller("/metrics")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_ANONYMOUS)
final class MetricController {
    private static final int MAX_NAME = 100;

    private final Appends log;
    private final IdempotentWrites writes;
    private final Metrics metrics;
    private final MetricSettings settings;

    MetricController(Appends log, IdempotentWrites writes, Metrics metrics, MetricSettings settings) {
        this.log = log;
        this.writes = writes;
        this.metrics = metrics;
        this.settings = settings;
    }

    /** Makes a metric. */
    @Post
    @Status(HttpStatus.CREATED)
    HttpResponse<Metric> create(HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @Body NewMetric body) {
        requireAccess(caller);
        Faults faults = new Faults();
        faults.add("name", Texts.lineFault(body.name(), MAX_NAME));
        faults.throwIfAny();
        String name = String.valueOf(body.name());
        return writes.make(request, caller, body, Metric.class, write -> {
            Stamp stamp = write.stamp();
            Metric metric = new Metric(stamp.id(), name);
            MetricCreated data = new MetricCreated(metric.id(), name);
            var unused = log.appendOne(
                    entry(Topics.METRICS, metric.id().toString(), EventTypes.METRIC_CREATED, stamp, data),
                    write.earlier());
            metrics.remember(metric);
            return WriteAnswer.created(metric);
        });
    }

    /** The metric with this id. */
    @Get("/{id}")
    HttpResponse<Metric> get(@Parameter(hidden = true) Caller caller, @PathVariable String id) {
        requireAccess(caller);
        return HttpResponse.ok(metrics.get(Ids.parse("id", id)));
    }

    /** Adds a reading. */
    @Post("/readings")
    @Status(HttpStatus.CREATED)
    HttpResponse<MetricReadingCreated> read(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @Body NewReading body) {
        requireAccess(caller);
        return writes.make(request, caller, body, MetricReadingCreated.class, write -> {
            Stamp stamp = write.stamp();
            // At the time of the first attempt, whose effect is answered again and not judged again.
            NewReading.Checked wanted = body.checked(stamp.time(), settings.maxFuture());
            Metric metric = metrics.get(wanted.metricId());
            MetricReadingCreated reading = new MetricReadingCreated(
                    stamp.id(),
                    metric.id(),
                    wanted.value(),
                    wanted.timestamp() == null ? stamp.time() : wanted.timestamp());
            var unused = log.appendOne(
                    entry(Topics.READINGS, metric.id().toString(), EventTypes.METRIC_READING_CREATED, stamp, reading),
                    write.earlier());
            return WriteAnswer.created(reading);
        });
    }

    private void requireAccess(Caller caller) {
        if (!settings.open()) {
            var unused = caller.subject();
        }
    }

    private static OutgoingEvent entry(String topic, String key, String type, Stamp stamp, Object data) {
        Event event =
                new Event(stamp.id().toString(), type, EventSource.INGEST_API, stamp.time(), key, Json.write(data));
        return OutgoingEvent.fact(topic, key, event);
    }
}
