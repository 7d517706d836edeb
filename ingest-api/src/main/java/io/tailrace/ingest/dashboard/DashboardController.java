package io.tailrace.ingest.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tailrace.ingest.idempotency.IdempotentWrites;
import io.tailrace.ingest.idempotency.WriteAnswer;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.input.Limits;
import io.tailrace.kit.security.Caller;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Dashboards of people with accounts: their own, and those that others have shared by a link. */
@Controller("/dashboards")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class DashboardController {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;
    private static final String STALE_HEADER = "Tailrace-Stale";
    private static final String CACHE = "private, no-store";

    private final Dashboards dashboards;
    private final IdempotentWrites writes;
    private final DashboardSettings settings;

    DashboardController(Dashboards dashboards, IdempotentWrites writes, DashboardSettings settings) {
        this.dashboards = dashboards;
        this.writes = writes;
        this.settings = settings;
    }

    /** Makes a dashboard. */
    @Post
    @Status(HttpStatus.CREATED)
    HttpResponse<DashboardView> create(
            HttpRequest<?> request,
            @Parameter(hidden = true) Caller caller,
            @Body @Schema(implementation = DashboardBody.class) JsonNode body) {
        UUID owner = caller.userId();
        DashboardRequest wanted = DashboardRequest.read(body, settings);
        return writes.make(
                request,
                caller,
                body,
                DashboardView.class,
                write -> WriteAnswer.created(DashboardView.withoutLink(dashboards.create(owner, wanted, write))));
    }

    /** A page of the caller's dashboards, the newest first. */
    @Get
    HttpResponse<DashboardPage> list(
            @Parameter(hidden = true) Caller caller,
            @Nullable @QueryValue String limit,
            @Nullable @QueryValue String before) {
        UUID owner = caller.userId();
        int wanted = Limits.parse(limit, DEFAULT_LIMIT, MAX_LIMIT);
        Dashboards.Found<List<DashboardView>> found =
                dashboards.newest(owner, before == null ? null : Ids.parse("before", before), wanted + 1);
        List<DashboardView> shown = found.value().stream().limit(wanted).toList();
        UUID next = found.value().size() > wanted ? shown.getLast().id() : null;
        MutableHttpResponse<DashboardPage> response =
                HttpResponse.ok(new DashboardPage(shown, next)).header(HttpHeaders.CACHE_CONTROL, CACHE);
        return found.fresh() ? response : response.header(STALE_HEADER, "true");
    }

    /** One of the caller's dashboards, with its link if it is shared. */
    @Get("/{id}")
    HttpResponse<DashboardView> get(@Parameter(hidden = true) Caller caller, @PathVariable String id) {
        UUID owner = caller.userId();
        return HttpResponse.ok(dashboards.get(Ids.parse("id", id), owner)).header(HttpHeaders.CACHE_CONTROL, CACHE);
    }

    /** Changes one of the caller's dashboards to what the request says; all of it. */
    @Put("/{id}")
    HttpResponse<DashboardView> change(
            HttpRequest<?> request,
            @Parameter(hidden = true) Caller caller,
            @PathVariable String id,
            @Body @Schema(implementation = DashboardBody.class) JsonNode body) {
        UUID owner = caller.userId();
        UUID which = Ids.parse("id", id);
        DashboardRequest wanted = DashboardRequest.read(body, settings);
        return writes.make(
                request,
                caller,
                body,
                DashboardView.class,
                write -> new WriteAnswer<>(
                        HttpStatus.OK, DashboardView.withoutLink(dashboards.change(which, owner, wanted, write))));
    }

    /** Deletes one of the caller's dashboards; its link leads nowhere then. */
    @Delete("/{id}")
    @Status(HttpStatus.NO_CONTENT)
    HttpResponse<Void> delete(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable String id) {
        UUID owner = caller.userId();
        UUID which = Ids.parse("id", id);
        return writes.make(request, caller, null, Void.class, write -> {
            dashboards.delete(which, owner, write);
            return WriteAnswer.noContent();
        });
    }

    /** The dashboard that somebody has shared by a link. What it shows is for the caller to read, with their own token. */
    @Get("/shared/{link}")
    @Secured(SecurityRule.IS_ANONYMOUS)
    HttpResponse<SharedDashboard> shared(@PathVariable String link) {
        return HttpResponse.ok(dashboards.shared(link)).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
