package io.tailrace.ingest.series;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tailrace.contracts.identity.Sha256;
import io.tailrace.ingest.input.EntityTags;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.input.Limits;
import io.tailrace.ingest.metric.Metric;
import io.tailrace.ingest.metric.MetricAccess;
import io.tailrace.ingest.metric.Metrics;
import io.tailrace.kit.http.PacedBody;
import io.tailrace.kit.limit.LimitedRead;
import io.tailrace.kit.security.Caller;
import io.tailrace.kit.series.SeriesSettings;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The windows and the readings of metrics. Where metrics are not open, they need a token. */
@Controller("/metrics")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_ANONYMOUS)
final class SeriesController {
    private static final String STALE_HEADER = "Tailrace-Stale";
    private static final MediaType CSV = MediaType.of("text/csv; charset=utf-8; header=present");

    private final MetricAccess access;
    private final Metrics metrics;
    private final SeriesReader reader;
    private final Readings readings;
    private final SeriesSettings series;
    private final SeriesQuerySettings settings;

    SeriesController(
            MetricAccess access,
            Metrics metrics,
            SeriesReader reader,
            Readings readings,
            SeriesSettings series,
            SeriesQuerySettings settings) {
        this.access = access;
        this.metrics = metrics;
        this.reader = reader;
        this.readings = readings;
        this.series = series;
        this.settings = settings;
    }

    /**
     * The windows of a metric, and the cursor of {@code series:{id}:{resolution}} at which they are true.
     *
     * @param from the beginning, a time of RFC 3339; an hour before {@code to} by default
     * @param to the end, exclusive; by default now, and windows that are ahead of it are answered as well
     * @param resolution {@code auto}, {@code 1s}, {@code 10s}, {@code 1m} or {@code 1h}
     * @param maxPoints the most windows that are answered, chosen by MinMaxLTTB; rows that mark gaps come on top
     * @param columns names of columns, separated by commas
     * @param format {@code json} or {@code csv}
     */
    @Get(
            value = "/{id}/series",
            produces = {MediaType.APPLICATION_JSON, "text/csv"})
    @LimitedRead
    @ApiResponse(responseCode = "200", description = "The windows, in the order of time")
    HttpResponse<?> series(
            HttpRequest<?> request,
            @Parameter(hidden = true) Caller caller,
            @PathVariable String id,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to,
            @Nullable @QueryValue String resolution,
            @Nullable @QueryValue("max_points") String maxPoints,
            @Nullable @QueryValue String columns,
            @Nullable @QueryValue String format) {
        access.require(caller);
        UUID metricId = Ids.parse("id", id);
        SeriesRequest wanted = SeriesRequest.read(
                new SeriesRequest.Parameters(from, to, resolution, maxPoints, columns, format),
                series.all(),
                Instant.now(),
                series.ahead());
        Metric metric = metrics.get(metricId);
        reader.enter();
        AtomicBoolean kept = new AtomicBoolean();
        try {
            return answer(request, metric, wanted, kept);
        } finally {
            if (!kept.get()) {
                reader.leave();
            }
        }
    }

    private HttpResponse<?> answer(HttpRequest<?> request, Metric metric, SeriesRequest wanted, AtomicBoolean kept) {
        SeriesRows.Found found = reader.find(metric, wanted);
        String tag = tag(metric, wanted, found);
        if (EntityTags.match(request.getHeaders().getAll(HttpHeaders.IF_NONE_MATCH), tag)) {
            return tagged(HttpResponse.notModified(), tag);
        }
        SeriesBytes.Answer answer = reader.answer(metric, wanted, found);
        CloseableByteBody body = PacedBody.of(
                request,
                wanted.csv() ? SeriesBytes.csv(answer) : SeriesBytes.json(answer),
                settings.writeTimeout(),
                reader::leave);
        kept.set(true);
        return tagged(HttpResponse.ok(), tag)
                // CSV has no other place for them.
                .header("Tailrace-Position", answer.position())
                .header("Tailrace-Resolution", wanted.resolution().label())
                .contentType(wanted.csv() ? CSV : MediaType.APPLICATION_JSON_TYPE)
                .body(body);
    }

    /** It depends on what is answered, but for the position: an earlier one joins the channel without a hole, too. */
    private static String tag(Metric metric, SeriesRequest wanted, SeriesRows.Found found) {
        String content = metric + "|" + wanted.range() + "|"
                + wanted.resolution().label() + "|" + wanted.maxPoints() + "|"
                + wanted.columns() + "|" + wanted.csv() + "|" + found.generation() + "|" + found.newestOffset() + "|"
                + found.rows().size() + "|"
                + (found.rows().isEmpty() ? "" : found.rows().getFirst().tMs());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(content));
    }

    private static <T> MutableHttpResponse<T> tagged(MutableHttpResponse<T> response, String tag) {
        return response.header(HttpHeaders.ETAG, EntityTags.tag(tag)).header(HttpHeaders.CACHE_CONTROL, "no-cache");
    }

    /**
     * The readings of a metric, in the order of their times.
     *
     * @param from the beginning, a time of RFC 3339; an hour before {@code to} by default
     * @param to the end, exclusive; now by default
     * @param limit the most readings that are answered
     * @param after what {@code next} of the page before says
     */
    @Get("/{id}/readings")
    @LimitedRead
    HttpResponse<ReadingPage> readings(
            @Parameter(hidden = true) Caller caller,
            @PathVariable String id,
            @Nullable @QueryValue String from,
            @Nullable @QueryValue String to,
            @Nullable @QueryValue String limit,
            @Nullable @QueryValue String after) {
        access.require(caller);
        UUID metricId = Ids.parse("id", id);
        Faults faults = new Faults();
        TimeRange range = TimeRange.read(from, to, Instant.now(), faults);
        ReadingCursor cursor = after == null ? null : ReadingCursor.parse(after, faults);
        faults.throwIfAny();
        if (range == null) {
            throw new IllegalStateException("what is missing is a fault");
        }
        int wanted = Limits.parse(limit, settings.defaultLimit(), settings.maxLimit());
        Metric metric = metrics.get(metricId);
        Readings.Found found = readings.find(metric.id(), range, cursor, wanted);
        MutableHttpResponse<ReadingPage> response =
                HttpResponse.ok(found.page()).header(HttpHeaders.CACHE_CONTROL, "no-store");
        return found.fresh() ? response : response.header(STALE_HEADER, "true");
    }
}
