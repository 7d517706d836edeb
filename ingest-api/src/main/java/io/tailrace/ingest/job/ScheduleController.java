package io.tailrace.ingest.job;

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
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobCommandIds;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.ingest.decision.Preference;
import io.tailrace.ingest.idempotency.KeyHeader;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.input.Limits;
import io.tailrace.kit.security.Caller;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Schedules of jobs; needs the role operator. Setting and deleting one can be repeated without a key. */
@Controller("/schedules")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(JobRights.OPERATOR)
final class ScheduleController {
    private static final String STALE_HEADER = "Tailrace-Stale";

    private final ScheduleReader reader;
    private final Schedules schedules;
    private final JobCommands commands;
    private final Jobs jobs;
    private final Stamps stamps;
    private final JobsSettings jobsSettings;
    private final SchedulesSettings settings;

    ScheduleController(
            ScheduleReader reader,
            Schedules schedules,
            JobCommands commands,
            Jobs jobs,
            Stamps stamps,
            JobsSettings jobsSettings,
            SchedulesSettings settings) {
        this.reader = reader;
        this.schedules = schedules;
        this.commands = commands;
        this.jobs = jobs;
        this.stamps = stamps;
        this.jobsSettings = jobsSettings;
        this.settings = settings;
    }

    /** Lets there be a schedule of this name, instead of the one that there may be. */
    @Put("/{name}")
    @ApiResponse(
            responseCode = "201",
            description = "There is a new schedule",
            content = @Content(schema = @Schema(implementation = ScheduleDetails.class)))
    @ApiResponse(
            responseCode = "200",
            description = "The schedule is changed",
            content = @Content(schema = @Schema(implementation = ScheduleDetails.class)))
    HttpResponse<ScheduleDetails> set(
            @Parameter(hidden = true) Caller caller,
            @PathVariable String name,
            @Body @Schema(implementation = NewSchedule.class) JsonNode body) {
        Instant now = Instant.now();
        JobSchedule schedule = reader.read(ScheduleReader.changeable(name), body, JobRights.of(caller), now);
        boolean isNew = schedules.set(schedule, now);
        ScheduleDetails details = ScheduleDetails.of(new Schedules.Known(schedule, now), now, true);
        return (isNew ? HttpResponse.created(details) : HttpResponse.ok(details))
                .header("Location", "/schedules/" + name);
    }

    /** A page of schedules, by name. */
    @Get
    HttpResponse<SchedulePage> list(@QueryValue @Nullable String limit, @QueryValue @Nullable String after) {
        int wanted = Limits.parse(limit, settings.defaultLimit(), settings.maxLimit());
        String from = after == null ? "" : ScheduleReader.name(after);
        Jobs.Found<List<Schedules.Known>> found = schedules.page(from, wanted + 1);
        Instant now = Instant.now();
        List<ScheduleDetails> shown = found.value().stream()
                .limit(wanted)
                .map(known -> ScheduleDetails.of(known, now, false))
                .toList();
        String next = found.value().size() > wanted ? shown.getLast().name() : null;
        return fresh(new SchedulePage(shown, next), found.fresh());
    }

    /** The schedule of this name, with the next five times at which it fires. */
    @Get("/{name}")
    HttpResponse<ScheduleDetails> get(@PathVariable String name) {
        Jobs.Found<Schedules.Known> found = schedules.get(ScheduleReader.name(name));
        return fresh(ScheduleDetails.of(found.value(), Instant.now(), true), found.fresh());
    }

    /** Deletes a schedule. Its jobs stay. */
    @Delete("/{name}")
    @Status(HttpStatus.NO_CONTENT)
    HttpResponse<?> delete(@PathVariable String name) {
        schedules.delete(ScheduleReader.changeable(name), Instant.now());
        return HttpResponse.noContent();
    }

    /** Enqueues a job of a schedule now, beside its times; with {@code Idempotency-Key} once. */
    @Post("/{name}/run-now")
    @ApiResponse(
            responseCode = "201",
            description = "The job is enqueued",
            content = @Content(schema = @Schema(implementation = JobAnswer.class)))
    @ApiResponse(
            responseCode = "200",
            description = "The job of an earlier firing is not finished, and the schedule skips others meanwhile",
            content = @Content(schema = @Schema(implementation = JobAnswer.class)))
    @ApiResponse(
            responseCode = "202",
            description = "Not decided in time; Location says where the job will be",
            content = @Content(schema = @Schema(implementation = JobAnswer.class)))
    CompletionStage<HttpResponse<?>> runNow(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable String name) {
        JobSchedule schedule = schedules.get(ScheduleReader.name(name)).value().schedule();
        String key = KeyHeader.of(request);
        UUID id = key == null ? stamps.id() : JobCommandIds.scheduleRun(caller.subject(), name, key);
        JobCommand.Enqueue command = schedule.runNow(id);
        String type = command.spec().type();
        jobs.remember(id, new Jobs.Place(command.queue(), type));
        Preference preference = Preference.of(
                request.getHeaders().getAll("Prefer"), jobsSettings.defaultWait(), jobsSettings.maxWait());
        return commands.ask(command, preference.patience())
                .thenApply(outcome -> JobAnswers.answer(command, type, outcome, preference));
    }

    private static <T> HttpResponse<T> fresh(T body, boolean isFresh) {
        MutableHttpResponse<T> response = HttpResponse.ok(body).header(HttpHeaders.CACHE_CONTROL, "private, no-store");
        return isFresh ? response : response.header(STALE_HEADER, "true");
    }
}
