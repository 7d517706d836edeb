package io.tailrace.ingest.post;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.IdempotentWrites;
import io.tailrace.ingest.idempotency.Stamp;
import io.tailrace.ingest.idempotency.WriteAnswer;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.input.Texts;
import io.tailrace.ingest.log.Appends;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.security.Caller;
import java.util.UUID;

/** Writing and deleting posts. */
@Controller("/posts")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class PostController {
    private final Appends log;
    private final IdempotentWrites writes;
    private final PostSettings settings;
    private final PostDeletion deletion;

    PostController(Appends log, IdempotentWrites writes, PostSettings settings, PostDeletion deletion) {
        this.deletion = deletion;
        this.log = log;
        this.writes = writes;
        this.settings = settings;
    }

    /** Writes a post. */
    @Post
    @Status(HttpStatus.CREATED)
    HttpResponse<PostPublished> post(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @Body NewPost body) {
        UUID author = caller.userId();
        Faults faults = new Faults();
        faults.add("text", Texts.linesFault(body.text(), settings.maxTextLength()));
        faults.throwIfAny();
        String text = String.valueOf(body.text());
        return writes.make(request, caller, body, PostPublished.class, write -> {
            Stamp stamp = write.stamp();
            // The post's id is its event's too: one event, one post, and readers know both again by it.
            PostPublished post = new PostPublished(stamp.id(), author, text, stamp.time());
            Event event = new Event(
                    post.id().toString(),
                    EventTypes.POST_PUBLISHED,
                    EventSource.INGEST_API,
                    stamp.time(),
                    author.toString(),
                    Json.write(post));
            var unused = log.appendOne(
                    OutgoingEvent.fact(Topics.POSTS, FactKeys.of(author, post.id()), event), write.earlier());
            return WriteAnswer.created(post);
        });
    }

    /** Deletes one of the caller's posts; once it is deleted, again makes no difference. */
    @Delete("/{id}")
    @Status(HttpStatus.NO_CONTENT)
    HttpResponse<Void> delete(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable("id") String id) {
        UUID author = caller.userId();
        UUID post = Ids.parse("id", id);
        return writes.make(request, caller, null, Void.class, write -> {
            deletion.delete(author, post, write);
            return WriteAnswer.noContent();
        });
    }
}
