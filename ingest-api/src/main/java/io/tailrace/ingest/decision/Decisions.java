package io.tailrace.ingest.decision;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One kind of decisions: where they are in the log and how they are read. Stateless.
 *
 * @param <D> the type of the decisions
 */
public interface Decisions<D> {
    /** Names their thread and their Kafka client, for example {@code seat-decisions}. */
    String loopName();

    /** What the names of their meters begin with, for example {@code tailrace.seats}. */
    String meterPrefix();

    /** What they are about, in a sentence such as "20 requests wait for decisions about seats already". */
    String subject();

    /** The topic, which has {@value io.tailrace.contracts.topic.Topics#FACT_PARTITIONS} partitions. */
    String topic();

    /**
     * The decision that a record holds; empty if it holds none, or none that is wanted. Every node reads the decisions of all nodes,
     * so one that is not wanted must cost next to nothing.
     *
     * @param isWanted whether somebody waits for the decision on the command with an id
     */
    Optional<D> read(ConsumerRecord<byte[], byte[]> record, Predicate<UUID> isWanted);

    /** The command that it answers. */
    UUID commandId(D decision);

    /** Tells two commands apart that share an id by mistake. */
    String fingerprint(D decision);
}
