package io.tailrace.ingest.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.input.Limits;
import io.tailrace.ingest.job.JobCursor;
import io.tailrace.ingest.job.JobRights;
import io.tailrace.ingest.job.OwnJobs;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Endpoints of webhooks, for the role operator and for tokens whose claim {@code jobs} covers webhook. */
@Controller("/webhooks")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class WebhookController {
    private static final String TYPE = "webhook";
    private static final String STALE_HEADER = "Tailrace-Stale";
    private static final String CACHE = "private, no-store";

    private final Endpoints endpoints;
    private final Deliveries deliveries;
    private final OwnJobs jobs;
    private final EndpointSettings settings;

    WebhookController(Endpoints endpoints, Deliveries deliveries, OwnJobs jobs, EndpointSettings settings) {
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.jobs = jobs;
        this.settings = settings;
    }

    /** Registers an endpoint. The answer has its secret, which is shown this once. */
    @Post
    @Status(HttpStatus.CREATED)
    HttpResponse<EndpointView> register(
            @Parameter(hidden = true) Caller caller, @Body @Schema(implementation = NewEndpoint.class) JsonNode body) {
        check(caller);
        EndpointView made = endpoints.register(EndpointRequest.toRegister(body, settings), caller.subject());
        return HttpResponse.created(made)
                .header(HttpHeaders.LOCATION, "/webhooks/" + made.id())
                .header(HttpHeaders.CACHE_CONTROL, CACHE);
    }

    /** A page of endpoints, the newest first. */
    @Get
    HttpResponse<EndpointPage> list(
            @Parameter(hidden = true) Caller caller,
            @QueryValue @Nullable String limit,
            @QueryValue @Nullable String before) {
        String owner = owner(caller);
        int wanted = Limits.parse(limit, settings.defaultLimit(), settings.maxLimit());
        List<EndpointView> found =
                endpoints.newest(owner, before == null ? null : Ids.parse("before", before), wanted + 1);
        List<EndpointView> shown = found.stream().limit(wanted).toList();
        UUID next = found.size() > wanted ? shown.getLast().id() : null;
        return HttpResponse.ok(new EndpointPage(shown, next)).header(HttpHeaders.CACHE_CONTROL, CACHE);
    }

    /** The endpoint with this id. */
    @Get("/{id}")
    HttpResponse<EndpointView> get(@Parameter(hidden = true) Caller caller, @PathVariable String id) {
        String owner = owner(caller);
        return HttpResponse.ok(endpoints.get(Ids.parse("id", id), owner)).header(HttpHeaders.CACHE_CONTROL, CACHE);
    }

    /** Changes an endpoint; one that was disabled can be enabled again. */
    @Patch("/{id}")
    EndpointView change(
            @Parameter(hidden = true) Caller caller,
            @PathVariable String id,
            @Body @Schema(implementation = EndpointChange.class) JsonNode body) {
        String owner = owner(caller);
        return endpoints.change(Ids.parse("id", id), owner, EndpointRequest.toChange(body, settings));
    }

    /** Takes an endpoint away; what is on its way to it fails. */
    @Delete("/{id}")
    @Status(HttpStatus.NO_CONTENT)
    HttpResponse<Void> remove(@Parameter(hidden = true) Caller caller, @PathVariable String id) {
        String owner = owner(caller);
        endpoints.remove(Ids.parse("id", id), owner);
        return HttpResponse.noContent();
    }

    /** Gives an endpoint another secret, which is shown this once. For a time both are signed with. */
    @Post("/{id}/secret")
    HttpResponse<EndpointView> rotate(
            @Parameter(hidden = true) Caller caller,
            @PathVariable String id,
            @Body @Schema(implementation = SecretChange.class) JsonNode body) {
        String owner = owner(caller);
        return HttpResponse.ok(endpoints.rotate(Ids.parse("id", id), owner, EndpointRequest.toRotate(body, settings)))
                .header(HttpHeaders.CACHE_CONTROL, CACHE);
    }

    /** A page of what was delivered to an endpoint, with every attempt. */
    @Get("/{id}/deliveries")
    HttpResponse<DeliveryPage> deliveries(
            @Parameter(hidden = true) Caller caller,
            @PathVariable String id,
            @QueryValue @Nullable String limit,
            @QueryValue @Nullable String before) {
        UUID endpoint = endpoints.get(Ids.parse("id", id), owner(caller)).id();
        int wanted = Limits.parse(limit, settings.defaultLimit(), settings.maxLimit());
        JobCursor from = before == null
                ? JobCursor.NEWEST
                : JobCursor.parse(before)
                        .orElseThrow(() -> new ProblemException(
                                ProblemType.INVALID_CURSOR, "before: expected the next of a page of deliveries"));
        Deliveries.Found found = deliveries.newest(endpoint, from, wanted + 1);
        List<DeliveryView> shown = found.deliveries().stream().limit(wanted).toList();
        String next = found.deliveries().size() > wanted
                ? JobCursor.of(shown.getLast().enqueuedAt(), shown.getLast().id())
                        .text()
                : null;
        MutableHttpResponse<DeliveryPage> response =
                HttpResponse.ok(new DeliveryPage(shown, next)).header(HttpHeaders.CACHE_CONTROL, CACHE);
        return found.fresh() ? response : response.header(STALE_HEADER, "true");
    }

    /** Sends the event of a delivery once more, by a new job and under the same {@code webhook-id}. */
    @Post("/{id}/deliveries/{job}/replay")
    @Status(HttpStatus.CREATED)
    CompletionStage<HttpResponse<?>> replay(
            HttpRequest<?> request,
            @Parameter(hidden = true) Caller caller,
            @PathVariable String id,
            @PathVariable String job) {
        UUID endpoint = endpoints.get(Ids.parse("id", id), owner(caller)).id();
        return jobs.answer(request, caller, TYPE, deliveries.again(endpoint, Ids.parse("job", job)));
    }

    private static void check(Caller caller) {
        if (!JobRights.of(caller).cover(TYPE)) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN,
                    "This needs the role operator, or a token whose claim \"jobs\" covers webhook");
        }
    }

    /** Whose endpoints the caller sees: the empty text for everybody's. */
    private static String owner(Caller caller) {
        check(caller);
        return caller.hasRole(JobRights.OPERATOR) ? "" : caller.subject();
    }
}
