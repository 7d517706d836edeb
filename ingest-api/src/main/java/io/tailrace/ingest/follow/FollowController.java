package io.tailrace.ingest.follow;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Put;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.Follow;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.IdempotentWrites;
import io.tailrace.ingest.idempotency.Write;
import io.tailrace.ingest.idempotency.WriteAnswer;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.log.Appends;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.util.UUID;

/**
 * Following and no longer following somebody. Both are idempotent by what they say, so they append without asking whether
 * it is so already. Whether there is such a person is not asked either: following nobody has no effect.
 */
@Controller("/follows")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class FollowController {
    private final Appends log;
    private final IdempotentWrites writes;

    FollowController(Appends log, IdempotentWrites writes) {
        this.log = log;
        this.writes = writes;
    }

    /** Follows somebody. */
    @Put("/{user_id}")
    @Status(HttpStatus.NO_CONTENT)
    HttpResponse<Void> follow(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable("user_id") String userId) {
        return append(request, caller, userId, EventTypes.USER_FOLLOWED);
    }

    /** No longer follows somebody. */
    @Delete("/{user_id}")
    @Status(HttpStatus.NO_CONTENT)
    HttpResponse<Void> unfollow(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable("user_id") String userId) {
        return append(request, caller, userId, EventTypes.USER_UNFOLLOWED);
    }

    private HttpResponse<Void> append(HttpRequest<?> request, Caller caller, String userId, String type) {
        UUID follower = caller.userId();
        UUID followee = Ids.parse("user_id", userId);
        if (follower.equals(followee)) {
            throw new ProblemException(ProblemType.CONFLICT, "Nobody can follow themselves");
        }
        return writes.make(request, caller, null, Void.class, write -> {
            var unused = log.appendOne(entry(follower, followee, type, write), write.earlier());
            return WriteAnswer.noContent();
        });
    }

    /** Keyed by the pair, so that compaction keeps one record of it, but in the followee's partition, with their posts. */
    private static OutgoingEvent entry(UUID follower, UUID followee, String type, Write write) {
        Follow data = new Follow(follower, followee, write.stamp().time());
        Event event = new Event(
                write.stamp().id().toString(),
                type,
                EventSource.INGEST_API,
                write.stamp().time(),
                followee.toString(),
                Json.write(data));
        return OutgoingEvent.fact(Topics.FOLLOWS, FactKeys.of(followee, follower), event);
    }
}
