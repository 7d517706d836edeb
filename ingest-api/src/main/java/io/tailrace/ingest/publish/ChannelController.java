package io.tailrace.ingest.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tailrace.contracts.access.AccessRules;
import io.tailrace.contracts.access.AccessRules.Decision;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.ingest.idempotency.IdempotentWrites;
import io.tailrace.ingest.idempotency.WriteAnswer;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.util.List;

/** Publishing to a channel. */
@Controller("/channels")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_ANONYMOUS)
final class ChannelController {
    private final AccessRules rules;
    private final ChannelWriter writer;
    private final IdempotentWrites writes;
    private final PublishSettings settings;

    ChannelController(AccessRules rules, ChannelWriter writer, IdempotentWrites writes, PublishSettings settings) {
        this.rules = rules;
        this.writer = writer;
        this.writes = writes;
        this.settings = settings;
    }

    /** Publishes an event or an array of them. */
    @Post("/{channel}/events")
    @Status(HttpStatus.ACCEPTED)
    HttpResponse<Published> publish(
            HttpRequest<?> request,
            @Parameter(hidden = true) Caller caller,
            @PathVariable String channel,
            @Body @Schema(implementation = Object.class, description = "{type, data, id?} or an array of such events")
                    JsonNode body) {
        Channel to = channel(channel);
        Namespace namespace = require(caller, to);
        List<WantedEvent> events = PublishRequest.read(body, settings.maxEvents());
        return writes.make(
                request,
                caller,
                body,
                Published.class,
                write -> WriteAnswer.accepted(writer.append(namespace, to, events, write)));
    }

    private static Channel channel(String name) {
        try {
            return new Channel(name);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("channel", String.valueOf(e.getMessage()));
        }
    }

    private Namespace require(Caller caller, Channel channel) {
        return switch (rules.publish(caller.grants(), channel)) {
            case Decision.Allowed(Namespace namespace) -> namespace;
            case Decision.Undeclared() ->
                throw new ProblemException(
                        ProblemType.UNDECLARED_NAMESPACE,
                        "The namespace \"" + channel.namespace() + "\" is not declared");
            case Decision.Denied() -> {
                // Somebody without a token gets 401.
                var unused = caller.subject();
                throw new ProblemException(
                        ProblemType.FORBIDDEN, "The token does not allow to publish on \"" + channel + "\"");
            }
        };
    }
}
