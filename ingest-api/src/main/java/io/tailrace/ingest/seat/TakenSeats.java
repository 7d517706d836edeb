package io.tailrace.ingest.seat;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.Uuid;

/**
 * The seats of a show that are not free, and where in the log of its channel that is true.
 *
 * @param nextOffset the offset after the last record of the partition that is in it
 * @param generation the Kafka topic id, as text
 * @param states by seat, {@code held} or {@code confirmed}
 */
record TakenSeats(long nextOffset, String generation, Map<String, String> states) {
    /** The same generation as cursors have it. */
    Generation logGeneration() {
        Uuid topic = Uuid.fromString(generation);
        return Generation.of(new UUID(topic.getMostSignificantBits(), topic.getLeastSignificantBits()));
    }

    /**
     * Whether nothing that stands before a cursor is missing from this. A cursor that does not know the partition, or knows
     * it of another generation, has seen nothing of it.
     */
    boolean hasReached(Cursor cursor, int namespace, int partition) {
        return cursor.topics().stream()
                .filter(topic ->
                        topic.namespace() == namespace && topic.generation().equals(logGeneration()))
                .flatMap(topic -> topic.partitions().stream())
                .noneMatch(position -> position.partition() == partition && position.nextOffset() > nextOffset);
    }
}
