package io.tailrace.ingest.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.http.HttpResponse;
import io.tailrace.contracts.access.AccessRules;
import io.tailrace.contracts.access.AccessRules.Decision;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.ingest.idempotency.IdempotentWrites;
import io.tailrace.ingest.idempotency.WriteAnswer;
import io.tailrace.ingest.idempotency.WriteRequest;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Publishes on a channel, by whatever protocol somebody asks for it. Thread-safe; blocks. */
@Singleton
class Publishing {
    private final AccessRules rules;
    private final ChannelWriter writer;
    private final IdempotentWrites writes;
    private final PublishSettings settings;

    Publishing(AccessRules rules, ChannelWriter writer, IdempotentWrites writes, PublishSettings settings) {
        this.rules = rules;
        this.writer = writer;
        this.writes = writes;
        this.settings = settings;
    }

    /**
     * Publishes once for each idempotency key.
     *
     * @param key the idempotency key; null if there is none
     * @param address of the client
     * @param body one event or an array of them
     * @throws ProblemException if it is refused
     */
    HttpResponse<Published> publish(
            @Nullable String key, Caller caller, String address, String channel, JsonNode body) {
        Channel to = channel(channel);
        Namespace namespace = require(caller, to);
        List<WantedEvent> events = PublishRequest.read(body, settings.maxEvents());
        return writes.make(
                new WriteRequest(key, "POST", "/channels/" + channel + "/events"),
                IdempotentWrites.owner(caller, address),
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
