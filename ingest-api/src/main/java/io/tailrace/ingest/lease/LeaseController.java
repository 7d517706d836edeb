package io.tailrace.ingest.lease;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.ingest.idempotency.KeyHeader;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.job.JobCommands;
import io.tailrace.ingest.job.Jobs;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.security.Caller;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Jobs for workers over HTTP, of services whose tokens have the role worker. The thread that takes a request does not wait for its
 * answer.
 */
@Controller("/jobs/leases")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class LeaseController {
    private final Leases leases;
    private final JobCommands commands;
    private final Jobs jobs;
    private final JobTypes types;
    private final Stamps stamps;
    private final LeaseLog log;
    private final LeasesSettings settings;

    LeaseController(
            Leases leases,
            JobCommands commands,
            Jobs jobs,
            JobTypes types,
            Stamps stamps,
            LeaseLog log,
            LeasesSettings settings) {
        this.leases = leases;
        this.commands = commands;
        this.jobs = jobs;
        this.types = types;
        this.stamps = stamps;
        this.log = log;
        this.settings = settings;
    }

    /** Waits for jobs of some types and begins attempts at them. */
    @Post
    @ApiResponse(
            responseCode = "200",
            description = "Leases, or none if there was no job in time",
            content = @Content(schema = @Schema(implementation = LeaseAnswer.class)))
    CompletionStage<HttpResponse<?>> lease(
            HttpRequest<?> request,
            @Parameter(hidden = true) Caller caller,
            @Body @Schema(implementation = NewLeases.class) JsonNode body) {
        String key = KeyHeader.of(request);
        LeaseRequest wanted = LeaseRequest.read(body, caller.subject(), LeaseRights.of(caller), types, settings);
        LeaseWait wait = new LeaseWait(wanted.types(), wanted.worker(), wanted.limit());
        var answer = leases.take(wait, wanted.patience(), key == null ? null : caller.subject() + ' ' + key);
        abandonIfClosed(request, wait);
        return answer.thenApply(granted ->
                HttpResponse.ok(new LeaseAnswer(granted)).header(HttpHeaders.CACHE_CONTROL, "private, no-store"));
    }

    /** The attempt goes on, and has perhaps come further: renews the lease, and says whether the job was cancelled. */
    @Post("/{id}/heartbeat")
    @ApiResponse(
            responseCode = "200",
            description = "How the job stands",
            content = @Content(schema = @Schema(implementation = AttemptAnswer.class)))
    @ApiResponse(
            responseCode = "202",
            description = "Not decided in time",
            content = @Content(schema = @Schema(implementation = AttemptAnswer.class)))
    @ApiResponse(
            responseCode = "409",
            description = "The attempt is over",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    CompletionStage<HttpResponse<?>> heartbeat(
            @Parameter(hidden = true) Caller caller,
            @PathVariable String id,
            @Body @Schema(implementation = NewHeartbeat.class) JsonNode body) {
        UUID job = Ids.parse("id", id);
        Jobs.Place place = jobs.place(job, LeaseRights.of(caller));
        return answer(ReportReader.heartbeat(stamps.id(), place.queue(), job, body));
    }

    /** What the attempt has logged. Sent again, it is kept once, because lines have numbers. */
    @Post("/{id}/log")
    @ApiResponse(responseCode = "204", description = "The log has the lines")
    @ApiResponse(
            responseCode = "409",
            description = "The attempt is over",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @ApiResponse(
            responseCode = "413",
            description = "The lines are too long together",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    HttpResponse<?> log(
            @Parameter(hidden = true) Caller caller,
            @PathVariable String id,
            @Body @Schema(implementation = NewLogLines.class) JsonNode body) {
        UUID job = Ids.parse("id", id);
        Jobs.Place place = jobs.place(job, LeaseRights.of(caller));
        log.append(place.queue(), job, body);
        return HttpResponse.noContent();
    }

    /** The attempt has ended. Sent again with the same body, it is answered again. */
    @Post("/{id}/outcome")
    @ApiResponse(
            responseCode = "200",
            description = "How the job stands",
            content = @Content(schema = @Schema(implementation = AttemptAnswer.class)))
    @ApiResponse(
            responseCode = "202",
            description = "In the log and not decided in time",
            content = @Content(schema = @Schema(implementation = AttemptAnswer.class)))
    @ApiResponse(
            responseCode = "409",
            description = "The attempt was over before",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    CompletionStage<HttpResponse<?>> outcome(
            @Parameter(hidden = true) Caller caller,
            @PathVariable String id,
            @Body @Schema(implementation = NewOutcome.class) JsonNode body) {
        UUID job = Ids.parse("id", id);
        Jobs.Place place = jobs.place(job, LeaseRights.of(caller));
        return answer(ReportReader.outcome(place.queue(), job, body));
    }

    private CompletionStage<HttpResponse<?>> answer(JobCommand.OfAttempt command) {
        return commands.ask(command, settings.answerTimeout())
                .thenApply(outcome -> ReportAnswers.answer(command, outcome));
    }

    /** Who closes the connection does not read the answer. */
    private void abandonIfClosed(HttpRequest<?> request, LeaseWait wait) {
        if (request instanceof NettyHttpRequest<?> netty) {
            Channel channel = netty.getChannelHandlerContext().channel();
            ChannelFutureListener listener = closed -> leases.abandon(wait);
            channel.closeFuture().addListener(listener);
            // Connections live for longer than requests.
            var unused = wait.answer()
                    .whenComplete((granted, e) -> channel.closeFuture().removeListener(listener));
        }
    }
}
