package io.tailrace.ingest.answer;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tailrace.contracts.job.JobCommandIds;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.KeyHeader;
import io.tailrace.ingest.idempotency.Stamp;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.job.OwnJobs;
import io.tailrace.ingest.job.OwnJobs.Decision;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.answer.AnswersSettings;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Questions of people with accounts to models, and their answers. */
@Controller("/answers")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class AnswerController {
    private static final String CACHE = "private, no-store";
    private static final String STALE_HEADER = "Tailrace-Stale";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final AnswerReader reader;
    private final AnswerBudget budget;
    private final AnswerRows rows;
    private final AnswerTexts texts;
    private final AnswerCancellations cancellations;
    private final OwnJobs jobs;
    private final Database database;
    private final ProjectionWait projection;
    private final Stamps stamps;

    AnswerController(
            AnswersSettings settings,
            AnswerBudget budget,
            AnswerRows rows,
            AnswerTexts texts,
            AnswerEvents events,
            OwnJobs jobs,
            Database database,
            ProjectionWait projection,
            Stamps stamps) {
        this.reader = new AnswerReader(settings.models(), settings.maxPromptBytes());
        this.budget = budget;
        this.rows = rows;
        this.texts = texts;
        this.cancellations = new AnswerCancellations(
                answer -> jobs.cancel(answer, AnswerJob.QUEUE),
                events::cancelled,
                task -> Thread.ofVirtual().name("answer-cancellation").start(task));
        this.jobs = jobs;
        this.database = database;
        this.projection = projection;
        this.stamps = stamps;
    }

    /** What was found. */
    private record Found(AnswerRow row, boolean fresh) {}

    /** Asks a model. The answer is events of its channel. */
    @Post
    @Status(HttpStatus.ACCEPTED)
    CompletionStage<HttpResponse<AcceptedAnswer>> ask(
            HttpRequest<?> request,
            @Parameter(hidden = true) Caller caller,
            @Body @Schema(implementation = NewAnswer.class) JsonNode body) {
        UUID owner = caller.userId();
        AnswerJob job = reader.read(owner, body);
        String key = KeyHeader.of(request);
        UUID fresh = stamps.id();
        UUID id = key == null ? fresh : JobCommandIds.enqueue(caller.subject(), AnswerJob.TYPE + " " + key);
        budget.require(owner, id, job.reservedTokens(), new Stamp(fresh).time());
        return jobs.enqueue(id, AnswerJob.TYPE, job, null, 0, null)
                .thenApply(done -> HttpResponse.<AcceptedAnswer>accepted()
                        .header(HttpHeaders.LOCATION, "/answers/" + done.id())
                        .body(new AcceptedAnswer(
                                done.id(),
                                AnswerEvents.channel(owner, done.id()).name(),
                                AnswerView.state(done.state()))));
    }

    /** One of the caller's answers, with the text that there is so far. */
    @Get("/{id}")
    HttpResponse<AnswerView> get(@Parameter(hidden = true) Caller caller, @PathVariable String id) {
        UUID owner = caller.userId();
        Found found = find(Ids.parse("id", id), owner);
        AnswerRow row = found.row();
        JsonNode result = AnswerView.result(row);
        String text = result.hasNonNull("text") || row.startedAt() == null
                ? null
                : texts.read(AnswerEvents.channel(owner, row.id()), row.enqueuedAt(), !result.isMissingNode())
                        .orElse(null);
        var response = HttpResponse.ok(AnswerView.of(row, result, text)).header(HttpHeaders.CACHE_CONTROL, CACHE);
        return found.fresh() ? response : response.header(STALE_HEADER, "true");
    }

    /** Cancels one of the caller's answers. What was written of it stays. */
    @Post("/{id}/cancel")
    CompletionStage<HttpResponse<AcceptedAnswer>> cancel(
            @Parameter(hidden = true) Caller caller, @PathVariable String id) {
        UUID owner = caller.userId();
        AnswerRow row = find(Ids.parse("id", id), owner).row();
        String channel = AnswerEvents.channel(owner, row.id()).name();
        return cancellations.cancel(owner, row.id()).thenApply(outcome -> {
            if (outcome.decision() == Decision.UNDECIDED) {
                return HttpResponse.<AcceptedAnswer>accepted()
                        .body(new AcceptedAnswer(row.id(), channel, AnswerView.state(row.state())));
            }
            String state = AnswerView.state(outcome.state());
            if (!AnswerCancellations.isCancelled(outcome)) {
                throw new ProblemException(
                        ProblemType.CONFLICT,
                        "The answer is " + state + ", and one that has not ended can be cancelled");
            }
            return HttpResponse.ok(new AcceptedAnswer(row.id(), channel, state));
        });
    }

    private Found find(UUID id, UUID owner) {
        boolean fresh = projection.catchUp("jobs", Topics.JOB_EVENTS, FactKeys.partition(AnswerJob.QUEUE));
        return database.call(() -> rows.find(id, owner.toString()))
                .map(row -> new Found(row, fresh))
                .orElseThrow(() -> fresh
                        ? new ProblemException(
                                ProblemType.NOT_FOUND,
                                "You have no answer " + id + ", or it ended so long ago that it is forgotten")
                        : ProblemException.unavailable("The copy of the jobs is late", RETRY_AFTER, null));
    }
}
