package io.tailrace.ingest.job;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.ingest.decision.Preference;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** The queues of jobs; needs the role operator. Every command can be repeated without a key: it says how the queue is to be. */
@Controller("/queues")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(JobRights.OPERATOR)
final class QueueController {
    private static final String STALE_HEADER = "Tailrace-Stale";

    private final JobQueues queues;
    private final JobCommands commands;
    private final Jobs jobs;
    private final Stamps stamps;
    private final JobsSettings settings;

    QueueController(JobQueues queues, JobCommands commands, Jobs jobs, Stamps stamps, JobsSettings settings) {
        this.queues = queues;
        this.commands = commands;
        this.jobs = jobs;
        this.stamps = stamps;
        this.settings = settings;
    }

    /** The declared queues, how many jobs they have and what happened in them. */
    @Get
    HttpResponse<QueuePage> list() {
        Jobs.Found<List<QueueRow>> found = jobs.queues();
        List<QueueDetails> details = found.value().stream()
                .flatMap(row -> queues.of(row.queue()).map(queue -> QueueDetails.of(queue, row)).stream())
                .toList();
        MutableHttpResponse<QueuePage> response =
                HttpResponse.ok(new QueuePage(details)).header(HttpHeaders.CACHE_CONTROL, "private, no-store");
        return found.fresh() ? response : response.header(STALE_HEADER, "true");
    }

    /** Starts no further job of a queue; those that run go on. */
    @Post("/{queue}/pause")
    @ApiResponse(
            responseCode = "200",
            description = "The queue is paused",
            content = @Content(schema = @Schema(implementation = QueueAnswer.class)))
    CompletionStage<HttpResponse<?>> pause(HttpRequest<?> request, @PathVariable String queue) {
        return answer(request, new JobCommand.Pause(stamps.id(), declared(queue).name()));
    }

    /** Starts jobs of a queue again. */
    @Post("/{queue}/resume")
    @ApiResponse(
            responseCode = "200",
            description = "The queue is not paused",
            content = @Content(schema = @Schema(implementation = QueueAnswer.class)))
    CompletionStage<HttpResponse<?>> resume(HttpRequest<?> request, @PathVariable String queue) {
        return answer(
                request, new JobCommand.Resume(stamps.id(), declared(queue).name()));
    }

    /** Gives a queue limits; an empty object is those of its declaration. */
    @Put("/{queue}")
    @ApiResponse(
            responseCode = "200",
            description = "The queue has the limits",
            content = @Content(schema = @Schema(implementation = QueueAnswer.class)))
    CompletionStage<HttpResponse<?>> limit(HttpRequest<?> request, @PathVariable String queue, @Body NewLimits body) {
        JobQueue declared = declared(queue);
        return answer(request, new JobCommand.Limit(stamps.id(), declared.name(), body.limits(declared.limits())));
    }

    private JobQueue declared(String name) {
        if (!JobQueue.isName(name)) {
            throw ProblemException.invalid("queue", Texts.shown(name) + ", expected the name of a queue");
        }
        return queues.of(name)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no queue " + Texts.shown(name) + "; declared are "
                                + queues.all().stream().map(JobQueue::name).collect(Collectors.joining(", "))));
    }

    private CompletionStage<HttpResponse<?>> answer(HttpRequest<?> request, JobCommand command) {
        Preference preference =
                Preference.of(request.getHeaders().getAll("Prefer"), settings.defaultWait(), settings.maxWait());
        return commands.ask(command, preference.patience())
                .thenApply(outcome -> JobAnswers.answer(command, null, outcome, preference));
    }
}
