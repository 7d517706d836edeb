package io.tailrace.edge.control;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Patch;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Changes the channels and the token of an open stream: {@code PATCH /events/{connection_id}}. Every
 * change goes through the log, so that changes of one stream have one order whichever edges receive them, and so the answer
 * is 202 whether or not there is such a stream.
 */
@Controller("/events")
@Secured(SecurityRule.IS_ANONYMOUS)
final class ConnectionController {
    private final EdgeSettings settings;
    private final StreamChanges changes;
    private final ControlTopic topic;

    ConnectionController(EdgeSettings settings, StreamChanges changes, ControlTopic topic) {
        this.settings = settings;
        this.changes = changes;
        this.topic = topic;
    }

    @Patch("/{connectionId}")
    CompletionStage<HttpResponse<?>> patch(String connectionId, Caller caller, @Body ChannelPatch body) {
        StreamChange change = body.checked(id(connectionId), caller, settings.maxChannels());
        return switch (changes.preview(change)) {
            case FINE -> topic.send(change).thenApply(sent -> HttpResponse.accepted());
            case FOREIGN -> failed(new ProblemException(ProblemType.NOT_FOUND, "You have no such stream."));
            case FIXED ->
                failed(new ProblemException(ProblemType.CONFLICT, "The channels of this stream can't be changed."));
        };
    }

    private static CompletionStage<HttpResponse<?>> failed(ProblemException problem) {
        return CompletableFuture.failedFuture(problem);
    }

    /** A connection's id as {@code stream.open} tells it, or 400. */
    static String id(String text) {
        try {
            String id = UUID.fromString(text).toString();
            if (id.equals(text)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // The answer below names it.
        }
        throw ProblemException.invalid("connection_id", "expected the connection_id of stream.open");
    }
}
