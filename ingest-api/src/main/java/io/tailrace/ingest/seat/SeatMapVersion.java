package io.tailrace.ingest.seat;

import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.ingest.projection.CopiedPosition;
import java.util.UUID;

/**
 * Which state of a show's seats a copy has. Immutable.
 *
 * @param generation the Kafka topic id, as text
 * @param nextOffset the offset after the last record of the partition that is in it
 * @param content two versions of a show with the same generation and content have the same seats, also where {@code nextOffset}
 *     differs because of other shows
 */
record SeatMapVersion(String generation, long nextOffset, String content) {
    /** Whether the seats of this version are those of another one. */
    boolean hasSeatsOf(SeatMapVersion other) {
        return generation.equals(other.generation) && content.equals(other.content);
    }

    /** Whether nothing that another version has is missing from this. */
    boolean isAtLeast(SeatMapVersion other) {
        return generation.equals(other.generation) && nextOffset >= other.nextOffset;
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

    /** The cursor of a show's channel at which this is true. */
    String cursor(UUID showId, Namespace namespace) {
        return position().cursor(SeatMaps.channel(showId), namespace);
    }

    private Generation logGeneration() {
        return position().logGeneration();
    }

    private CopiedPosition position() {
        return new CopiedPosition(generation, nextOffset);
    }
}
