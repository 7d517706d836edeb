package io.tailrace.search.query;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.IndexSearched;
import io.tailrace.contracts.identity.UuidV7;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.security.Caller;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/**
 * Writes down who searches personal data for what, before it is searched: what cannot be written down is not answered.
 * Thread-safe; blocks until the brokers have it.
 */
public final class AuditLog implements AutoCloseable {
    private static final String SOURCE = "/tailrace/search-indexer";

    private final Producer<byte[], byte[]> producer;
    private final InstantSource clock;
    private final Duration retryAfter;
    private final UuidV7 ids;

    /** Over a producer that this closes; its {@code delivery.timeout.ms} bounds the wait. */
    public AuditLog(Producer<byte[], byte[]> producer, InstantSource clock, Duration retryAfter) {
        this.producer = producer;
        this.clock = clock;
        this.retryAfter = retryAfter;
        this.ids = new UuidV7(clock, new SecureRandom());
    }

    /**
     * Writes it down.
     *
     * @throws ProblemException 503 if the brokers do not take it
     */
    void searches(Caller caller, Question question) {
        String actor = caller.subject();
        IndexSearched data = new IndexSearched(
                actor,
                caller.grants().roles().stream().sorted().toList(),
                question.index().name(),
                question.asked(),
                question.limit(),
                question.after() != null,
                clock.instant());
        Event event = new Event(
                ids.next().toString(),
                EventTypes.INDEX_SEARCHED,
                SOURCE,
                data.at(),
                question.index().name(),
                Json.write(data));
        String key = FactKeys.of(actor, event.id());
        try {
            var unused = producer.send(EventRecords.toRecord(Topics.AUDIT, FactKeys.partition(key), key, event))
                    .get();
        } catch (ExecutionException | KafkaException e) {
            throw ProblemException.unavailable(
                    "This search must be written down, and the log does not answer.", retryAfter, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("The service stops.", retryAfter, e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
