package io.tailrace.ingest.answer;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.json.Json;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Tells the channel of an answer that it was cancelled: a worker that does not have it cannot. Thread-safe. */
@Singleton
final class AnswerEvents {
    private final EventLog log;
    private final Namespaces namespaces;

    AnswerEvents(EventLog log, Namespaces namespaces) {
        this.log = log;
        this.namespaces = namespaces;
    }

    /** The channel of an answer. Its second part is the person who asked, who alone may read it. */
    static Channel channel(UUID owner, UUID id) {
        return new Channel("answer:" + owner + ":" + id);
    }

    /**
     * Tells it. A worker that has the answer tells the same, with the same id.
     *
     * @return what became of the event
     */
    CompletableFuture<AppendOutcome> cancelled(UUID owner, UUID id) {
        Channel channel = channel(owner, id);
        Namespace namespace = namespaces
                .of(channel)
                .orElseThrow(() -> new IllegalStateException("the namespace answer is not declared"));
        Event event = new Event(
                id + ".cancelled",
                EventTypes.ANSWER_CANCELLED,
                EventSource.INGEST_API,
                Instant.now(),
                channel.name(),
                Json.write(Map.of()));
        return log.appendSoon(
                new OutgoingEvent(namespace.topic(), channel.partition(namespace.partitions()), channel.name(), event));
    }
}
