package io.tailrace.ingest.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobCommandIds;
import io.tailrace.contracts.job.JobLogLine;
import io.tailrace.contracts.job.JobState;
import io.tailrace.contracts.job.JobType;
import io.tailrace.ingest.decision.Preference;
import io.tailrace.ingest.idempotency.KeyHeader;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.input.Limits;
import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Jobs. A command is answered by its decision if that is there within {@code Prefer: wait=N}, else by 202. The thread that takes a
 * request does not wait for it.
 */
@Controller("/jobs")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class JobController {
    private static final String STALE_HEADER = "Tailrace-Stale";

    private final JobReader reader;
    private final JobCommands commands;
    private final Jobs jobs;
    private final JobLogs logs;
    private final Stamps stamps;
    private final JobsSettings settings;

    JobController(
            JobReader reader, JobCommands commands, Jobs jobs, JobLogs logs, Stamps stamps, JobsSettings settings) {
        this.reader = reader;
        this.commands = commands;
        this.jobs = jobs;
        this.logs = logs;
        this.stamps = stamps;
        this.settings = settings;
    }

    /** Enqueues a job. */
    @Post
    @ApiResponse(
            responseCode = "201",
            description = "The job is enqueued",
            content = @Content(schema = @Schema(implementation = JobAnswer.class)))
    @ApiResponse(
            responseCode = "200",
            description = "Another job has the unique key",
            content = @Content(schema = @Schema(implementation = JobAnswer.class)))
    @ApiResponse(
            responseCode = "202",
            description = "Not decided in time; Location says where the job will be",
            content = @Content(schema = @Schema(implementation = JobAnswer.class)))
    CompletionStage<HttpResponse<?>> enqueue(
            HttpRequest<?> request,
            @Parameter(hidden = true) Caller caller,
            @Body @Schema(implementation = NewJob.class) JsonNode body) {
        JobRights rights = JobRights.of(caller);
        String key = KeyHeader.of(request);
        UUID id = key == null ? stamps.id() : JobCommandIds.enqueue(caller.subject(), key);
        JobCommand.Enqueue command = reader.read(id, body, rights);
        jobs.remember(id, new Jobs.Place(command.queue(), command.spec().type()));
        return answer(request, command, command.spec().type());
    }

    /** Cancels a job that is not finished. */
    @Post("/{id}/cancel")
    @ApiResponse(
            responseCode = "200",
            description = "The job is cancelled",
            content = @Content(schema = @Schema(implementation = JobAnswer.class)))
    @ApiResponse(
            responseCode = "409",
            description = "The job is finished",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = JobProblem.class)))
    CompletionStage<HttpResponse<?>> cancel(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable String id) {
        return step(request, caller, id, JobCommandIds::cancel, JobCommand.Cancel::new);
    }

    /** Tries a job again that is dead or cancelled; needs the role operator. */
    @Post("/{id}/retry")
    @Secured(JobRights.OPERATOR)
    @ApiResponse(
            responseCode = "200",
            description = "The job is ready",
            content = @Content(schema = @Schema(implementation = JobAnswer.class)))
    @ApiResponse(
            responseCode = "409",
            description = "The job is neither dead nor cancelled, or another one has its unique key",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = JobProblem.class)))
    CompletionStage<HttpResponse<?>> retry(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable String id) {
        return step(request, caller, id, JobCommandIds::retry, JobCommand.Retry::new);
    }

    /** Does not wait for the time of a job any longer; needs the role operator. */
    @Post("/{id}/run-now")
    @Secured(JobRights.OPERATOR)
    @ApiResponse(
            responseCode = "200",
            description = "The job is ready",
            content = @Content(schema = @Schema(implementation = JobAnswer.class)))
    @ApiResponse(
            responseCode = "409",
            description = "The job does not wait for a time",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = JobProblem.class)))
    CompletionStage<HttpResponse<?>> runNow(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable String id) {
        return step(request, caller, id, JobCommandIds::runNow, JobCommand.RunNow::new);
    }

    /** A page of jobs, those that were enqueued last first. */
    @Get
    HttpResponse<JobPage> list(
            @Parameter(hidden = true) Caller caller,
            @QueryValue @Nullable String queue,
            @QueryValue @Nullable String state,
            @QueryValue @Nullable String type,
            @QueryValue @Nullable String limit,
            @QueryValue @Nullable String before) {
        JobRights rights = JobRights.of(caller);
        checkState(state);
        checkType(type);
        int wanted = Limits.parse(limit, settings.defaultLimit(), settings.maxLimit());
        JobCursor from = before == null
                ? JobCursor.NEWEST
                : JobCursor.parse(before)
                        .orElseThrow(() -> new ProblemException(
                                ProblemType.INVALID_CURSOR, "before: expected the next of a page of jobs"));
        Jobs.Found<List<JobRow>> found =
                jobs.newest(orEmpty(queue), orEmpty(type), orEmpty(state), rights, from, wanted + 1);
        List<JobRow> shown = found.value().stream().limit(wanted).toList();
        boolean more = found.value().size() > wanted;
        String next = more
                ? JobCursor.of(shown.getLast().enqueuedAt(), shown.getLast().id())
                        .text()
                : null;
        return fresh(new JobPage(shown.stream().map(JobDetails::of).toList(), next), found.fresh());
    }

    /** The job with this id. */
    @Get("/{id}")
    HttpResponse<JobDetails> get(@Parameter(hidden = true) Caller caller, @PathVariable String id) {
        JobRights rights = JobRights.of(caller);
        Jobs.Found<Jobs.JobAndAttempts> found = jobs.get(Ids.parse("id", id), rights);
        return fresh(JobDetails.of(found.value()), found.fresh());
    }

    /** A page of what the attempts at the job have logged, the first line first. */
    @Get("/{id}/log")
    HttpResponse<JobLogPage> log(
            @Parameter(hidden = true) Caller caller,
            @PathVariable String id,
            @QueryValue @Nullable String attempt,
            @QueryValue @Nullable String limit,
            @QueryValue @Nullable String after) {
        UUID job = Ids.parse("id", id);
        var unused = jobs.place(job, JobRights.of(caller));
        int wanted = Limits.parse(limit, JobLogLine.MAX_LINES, JobLogLine.MAX_LINES);
        Jobs.Found<JobLogPage> found = logs.read(job, attempt(attempt), JobLogs.Place.parse(after), wanted);
        return fresh(found.value(), found.fresh());
    }

    private static int attempt(@Nullable String text) {
        if (text != null && !text.matches("[1-9][0-9]{0,8}")) {
            throw ProblemException.invalid("attempt", Texts.shown(text) + ", expected the number of an attempt");
        }
        return text == null ? 0 : Integer.parseInt(text);
    }

    private static void checkState(@Nullable String state) {
        Faults faults = new Faults();
        if (state != null && JobState.parse(state).isEmpty()) {
            faults.add(
                    "state",
                    Texts.shown(state) + ", expected one of "
                            + Arrays.stream(JobState.values())
                                    .map(JobState::label)
                                    .collect(Collectors.joining(", ")));
        }
        faults.throwIfAny();
    }

    private static void checkType(@Nullable String type) {
        if (type != null && !JobType.isName(type)) {
            throw ProblemException.invalid("type", Texts.shown(type) + ", expected the name of a type of jobs");
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static <T> HttpResponse<T> fresh(T body, boolean isFresh) {
        MutableHttpResponse<T> response = HttpResponse.ok(body).header(HttpHeaders.CACHE_CONTROL, "private, no-store");
        return isFresh ? response : response.header(STALE_HEADER, "true");
    }

    /** The id of a command that came with an idempotency key. */
    private interface KeyedId {
        UUID of(String subject, UUID job, String key);
    }

    /** A command about a job that is there. */
    private interface Step {
        JobCommand of(UUID commandId, String queue, UUID job);
    }

    private CompletionStage<HttpResponse<?>> step(
            HttpRequest<?> request, Caller caller, String id, KeyedId keyedId, Step step) {
        UUID job = Ids.parse("id", id);
        Jobs.Place place = jobs.place(job, JobRights.of(caller));
        String key = KeyHeader.of(request);
        UUID commandId = key == null ? stamps.id() : keyedId.of(caller.subject(), job, key);
        return answer(request, step.of(commandId, place.queue(), job), place.type());
    }

    private CompletionStage<HttpResponse<?>> answer(HttpRequest<?> request, JobCommand command, String type) {
        Preference preference =
                Preference.of(request.getHeaders().getAll("Prefer"), settings.defaultWait(), settings.maxWait());
        return commands.ask(command, preference.patience())
                .thenApply(outcome -> JobAnswers.answer(command, type, outcome, preference));
    }
}
