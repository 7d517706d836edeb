package io.tailrace.ingest.publish;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Cursor.Members;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.contracts.event.Event;
import io.tailrace.ingest.idempotency.Write;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.ingest.log.Appends;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.ingest.log.TopicGenerations;
import io.tailrace.ingest.publish.Published.Placed;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.Problem.FieldError;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends events to the one partition that their channel lives in, and says where they are. Thread-safe; blocks until all
 * in-sync replicas have every one of them.
 */
@Singleton
class ChannelWriter {
    private final Appends log;
    private final TopicGenerations generations;

    ChannelWriter(Appends log, TopicGenerations generations) {
        this.log = log;
        this.generations = generations;
    }

    /**
     * Appends events in order.
     *
     * @throws ProblemException 413 if one is too large, then none was appended; 503 if not all were acknowledged, with
     *     the outcome of each
     */
    Published append(Namespace namespace, Channel channel, List<WantedEvent> events, Write write) {
        // Asked first: an answer that could not be given should not be the reason why an event was published.
        Generation generation = generations.generation(namespace.topic());
        int partition = channel.partition(namespace.partitions());
        List<OutgoingEvent> entries = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            entries.add(new OutgoingEvent(
                    namespace.topic(), partition, channel.name(), event(channel, events.get(i), write, i)));
        }
        List<AppendOutcome> outcomes = log.append(entries, write.earlier());
        List<Placed> placed = new ArrayList<>(events.size());
        for (int i = 0; i < entries.size(); i++) {
            if (outcomes.get(i) instanceof AppendOutcome.Appended(int p, long offset)) {
                placed.add(new Placed(
                        entries.get(i).event().id(), position(namespace, generation, channel, p, offset + 1)));
            }
        }
        if (placed.size() < entries.size()) {
            throw incomplete(entries, outcomes);
        }
        return new Published(placed);
    }

    private static Event event(Channel channel, WantedEvent wanted, Write write, int index) {
        String id = wanted.id() == null ? write.stamp().id(index).toString() : wanted.id();
        return new Event(
                id, wanted.type(), EventSource.INGEST_API, write.stamp().time(), channel.name(), wanted.data());
    }

    private static String position(
            Namespace namespace, Generation generation, Channel channel, int partition, long nextOffset) {
        // What the producer is told of a record has no leader epoch.
        PartitionPosition position =
                new PartitionPosition(partition, nextOffset, Cursor.NO_EPOCH, Members.of(channel.name()), List.of());
        return CursorCodec.encode(
                new Cursor(List.of(new TopicPosition(namespace.number(), generation, List.of(position)))));
    }

    private static ProblemException incomplete(List<OutgoingEvent> entries, List<AppendOutcome> outcomes) {
        List<FieldError> errors = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            String outcome =
                    switch (outcomes.get(i)) {
                        case AppendOutcome.Appended _ -> "is in the log";
                        case AppendOutcome.Unknown _ -> "was not acknowledged, it may be in the log";
                        case AppendOutcome.NotSent _ -> "was not sent, it is not in the log";
                    };
            errors.add(new FieldError(
                    "[" + i + "]", "event " + entries.get(i).event().id() + " " + outcome));
        }
        return new ProblemException(Problem.of(
                        ProblemType.UNAVAILABLE,
                        "The log did not acknowledge all events in time. Send the request again with the same"
                                + " Idempotency-Key to publish each of them once.",
                        errors))
                .with("Retry-After", "2");
    }
}
