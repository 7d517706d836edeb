package io.tailrace.ingest.metric;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricCreated;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.IdempotentWrites;
import io.tailrace.ingest.idempotency.Stamp;
import io.tailrace.ingest.idempotency.WriteAnswer;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.input.Limits;
import io.tailrace.ingest.input.Texts;
import io.tailrace.ingest.log.Appends;
import io.tailrace.kit.security.Caller;
import org.jspecify.annotations.Nullable;

/** Metrics and their readings. Where they are not open, they need a token. */
@Controller("/metrics")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_ANONYMOUS)
final class MetricController {
    static final int MAX_NAME = 100;
    private static final int MAX_UNIT = 20;
    static final int DEFAULT_LIMIT = 50;
    static final int MAX_LIMIT = 200;
    private static final String STALE_HEADER = "Tailrace-Stale";

    private final Appends log;
    private final IdempotentWrites writes;
    private final Metrics metrics;
    private final MetricSettings settings;
    private final MetricAccess access;
    private final ReadingBatch batch;
    private final MetricList list;

    MetricController(
            Appends log,
            IdempotentWrites writes,
            Metrics metrics,
            MetricSettings settings,
            MetricAccess access,
            ReadingBatch batch,
            MetricList list) {
        this.log = log;
        this.writes = writes;
        this.metrics = metrics;
        this.settings = settings;
        this.access = access;
        this.batch = batch;
        this.list = list;
    }

    /** Makes a metric. */
    @Post
    @Status(HttpStatus.CREATED)
    HttpResponse<Metric> create(HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @Body NewMetric body) {
        access.require(caller);
        Faults faults = new Faults();
        faults.add("name", Texts.lineFault(body.name(), MAX_NAME));
        faults.add("unit", body.unit() == null ? null : Texts.lineFault(body.unit(), MAX_UNIT));
        faults.throwIfAny();
        String name = String.valueOf(body.name());
        return writes.make(request, caller, body, Metric.class, write -> {
            Stamp stamp = write.stamp();
            Metric metric = new Metric(stamp.id(), name, body.unit());
            MetricCreated data = new MetricCreated(metric.id(), name, metric.unit());
            var unused = log.appendOne(
                    MetricEvents.fact(
                            Topics.METRICS,
                            metric.id().toString(),
                            EventTypes.METRIC_CREATED,
                            stamp.id(),
                            stamp.time(),
                            data),
                    write.earlier());
            metrics.remember(metric);
            return WriteAnswer.created(metric);
        });
    }

    /** The metric with this id. */
    @Get("/{id}")
    HttpResponse<Metric> get(@Parameter(hidden = true) Caller caller, @PathVariable String id) {
        access.require(caller);
        return HttpResponse.ok(metrics.get(Ids.parse("id", id)));
    }

    /**
     * The metrics, in the order in which they came to be, with their latest values.
     *
     * @param limit the most metrics that are answered
     * @param after what {@code next} of the page before says
     * @param q a part of the names, in whatever case
     */
    @Get
    HttpResponse<MetricPage> list(
            @Parameter(hidden = true) Caller caller,
            @Nullable @QueryValue String limit,
            @Nullable @QueryValue String after,
            @Nullable @QueryValue String q) {
        access.require(caller);
        Faults faults = new Faults();
        faults.add("q", q == null ? null : Texts.lineFault(q, MAX_NAME));
        faults.throwIfAny();
        MetricList.Found found = list.find(
                after == null ? null : Ids.parse("after", after), q, Limits.parse(limit, DEFAULT_LIMIT, MAX_LIMIT));
        MutableHttpResponse<MetricPage> response =
                HttpResponse.ok(found.page()).header(HttpHeaders.CACHE_CONTROL, "no-store");
        return found.fresh() ? response : response.header(STALE_HEADER, "true");
    }

    /** Adds a reading, or an array of up to 500, each with an outcome of its own. */
    @Post("/readings")
    @Status(HttpStatus.CREATED)
    @ApiResponse(
            responseCode = "201",
            description = "The reading",
            content = @Content(schema = @Schema(implementation = MetricReadingCreated.class)))
    @ApiResponse(
            responseCode = "200",
            description = "What became of each reading of an array",
            content = @Content(schema = @Schema(implementation = ReadingsAnswer.class)))
    HttpResponse<?> read(
            HttpRequest<?> request,
            @Parameter(hidden = true) Caller caller,
            @Body
                    @Schema(
                            implementation = Object.class,
                            description = "{metric_id, value, timestamp?} or an array of up to 500 of them")
                    JsonNode body) {
        access.require(caller);
        if (body.isArray()) {
            ReadingBatch.requireSize(body);
            return writes.make(
                    request,
                    caller,
                    body,
                    ReadingsAnswer.class,
                    write -> new WriteAnswer<>(HttpStatus.OK, batch.add(body, write)));
        }
        NewReading sent = NewReading.read(body);
        return writes.make(request, caller, sent, MetricReadingCreated.class, write -> {
            Stamp stamp = write.stamp();
            // At the time of the first attempt, whose effect is answered again and not judged again.
            NewReading.Checked wanted = sent.checked(stamp.time(), settings.maxFuture());
            Metric metric = metrics.get(wanted.metricId());
            MetricReadingCreated reading = new MetricReadingCreated(
                    stamp.id(),
                    metric.id(),
                    wanted.value(),
                    wanted.timestamp() == null ? stamp.time() : wanted.timestamp());
            var unused = log.appendOne(
                    MetricEvents.fact(
                            Topics.READINGS,
                            metric.id().toString(),
                            EventTypes.METRIC_READING_CREATED,
                            stamp.id(),
                            stamp.time(),
                            reading),
                    write.earlier());
            return WriteAnswer.created(reading);
        });
    }
}
