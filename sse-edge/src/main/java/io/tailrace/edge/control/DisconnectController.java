package io.tailrace.edge.control;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.security.annotation.Secured;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.security.Caller;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends streams on whichever edge they are. They are reached through the log, so the answer is 202 whether or not there are
 * any. Each request is a line in the log of the edge that received it.
 */
@Controller("/admin")
@Secured("admin")
final class DisconnectController {
    private static final Logger LOG = LoggerFactory.getLogger(DisconnectController.class);

    /** As in tokens. */
    private static final int MAX_SUBJECT_LENGTH = 128;

    private final ControlTopic topic;

    DisconnectController(ControlTopic topic) {
        this.topic = topic;
    }

    @Post("/connections/{connectionId}/disconnect")
    CompletionStage<HttpResponse<?>> connection(String connectionId, Caller caller) {
        return send(new Disconnect.Connection(ConnectionController.id(connectionId), caller.subject()));
    }

    @Post("/subjects/{subject}/disconnect")
    CompletionStage<HttpResponse<?>> subject(String subject, Caller caller) {
        boolean valid = !subject.isBlank()
                && subject.length() <= MAX_SUBJECT_LENGTH
                && subject.codePoints().noneMatch(Character::isISOControl);
        if (!valid) {
            throw ProblemException.invalid(
                    "subject", "expected 1 to " + MAX_SUBJECT_LENGTH + " characters, none of them a control character");
        }
        return send(new Disconnect.Subject(subject, caller.subject()));
    }

    private CompletionStage<HttpResponse<?>> send(Disconnect request) {
        LOG.info("{} asks to disconnect: {} {}", request.by(), request.type(), request.key());
        return topic.send(request).thenApply(sent -> HttpResponse.accepted());
    }
}
