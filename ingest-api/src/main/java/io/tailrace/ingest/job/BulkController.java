package io.tailrace.ingest.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tailrace.ingest.decision.Preference;
import io.tailrace.ingest.idempotency.KeyHeader;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.kit.security.Caller;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Commands about many jobs in one request; needs the role operator. */
@Controller("/jobs/bulk")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(JobRights.OPERATOR)
final class BulkController {
    private final BulkJobs bulk;
    private final Stamps stamps;
    private final JobsSettings settings;

    BulkController(BulkJobs bulk, Stamps stamps, JobsSettings settings) {
        this.bulk = bulk;
        this.stamps = stamps;
        this.settings = settings;
    }

    /** Cancels, retries or runs now the jobs that are named, or some of those that a filter finds. */
    @Post
    @ApiResponse(
            responseCode = "200",
            description = "How many it is done of, and which it is not done of",
            content = @Content(schema = @Schema(implementation = BulkAnswer.class)))
    CompletionStage<HttpResponse<?>> run(
            HttpRequest<?> request,
            @Parameter(hidden = true) Caller caller,
            @Body @Schema(implementation = NewBulk.class) JsonNode body) {
        BulkRequest wanted = BulkRequest.read(body, settings.maxLimit());
        String key = KeyHeader.of(request);
        Function<UUID, UUID> commandId =
                key == null ? _ -> stamps.id() : job -> wanted.action().commandId(caller.subject(), job, key);
        Preference preference =
                Preference.of(request.getHeaders().getAll("Prefer"), settings.defaultWait(), settings.maxWait());
        return bulk.run(wanted, commandId, preference.patience()).thenApply(answer -> {
            MutableHttpResponse<BulkAnswer> response = HttpResponse.ok(answer);
            return preference.applied() == null
                    ? response
                    : response.header("Preference-Applied", preference.applied());
        });
    }
}
