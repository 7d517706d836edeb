package io.tailrace.ingest.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tailrace.ingest.job.JobRights;
import java.time.Instant;
import java.util.List;

/** Bridges, which copy metrics of other servers; needs the role operator. Setting and deleting one can be repeated without a key. */
@Controller("/bridges")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(JobRights.OPERATOR)
final class BridgeController {
    private static final String STALE_HEADER = "Tailrace-Stale";

    private final Bridges bridges;
    private final BridgesSettings settings;

    BridgeController(Bridges bridges, BridgesSettings settings) {
        this.bridges = bridges;
        this.settings = settings;
    }

    /** Lets there be a bridge of this name, instead of the one that there may be. */
    @Put("/{name}")
    @ApiResponse(
            responseCode = "201",
            description = "There is a new bridge",
            content = @Content(schema = @Schema(implementation = BridgeView.class)))
    @ApiResponse(
            responseCode = "200",
            description = "The bridge is changed",
            content = @Content(schema = @Schema(implementation = BridgeView.class)))
    HttpResponse<BridgeView> set(
            @PathVariable String name, @Body @Schema(implementation = NewBridge.class) JsonNode body) {
        Bridges.WasSet set = bridges.set(BridgeRequest.name(name), BridgeRequest.read(body, settings), Instant.now());
        return (set.isNew() ? HttpResponse.created(set.view()) : HttpResponse.ok(set.view()))
                .header(HttpHeaders.LOCATION, "/bridges/" + name);
    }

    /** All bridges, by name, and how they are. */
    @Get
    HttpResponse<BridgePage> list() {
        Bridges.Found<List<BridgeView>> found = bridges.all();
        return fresh(new BridgePage(found.value()), found.fresh());
    }

    /** The bridge of this name, and how it is. */
    @Get("/{name}")
    HttpResponse<BridgeView> get(@PathVariable String name) {
        Bridges.Found<BridgeView> found = bridges.get(BridgeRequest.name(name));
        return fresh(found.value(), found.fresh());
    }

    /** Deletes a bridge. Its metrics and their readings stay. */
    @Delete("/{name}")
    @Status(HttpStatus.NO_CONTENT)
    HttpResponse<Void> delete(@PathVariable String name) {
        bridges.delete(BridgeRequest.name(name), Instant.now());
        return HttpResponse.noContent();
    }

    private static <T> HttpResponse<T> fresh(T body, boolean isFresh) {
        MutableHttpResponse<T> response = HttpResponse.ok(body).header(HttpHeaders.CACHE_CONTROL, "private, no-store");
        return isFresh ? response : response.header(STALE_HEADER, "true");
    }
}
