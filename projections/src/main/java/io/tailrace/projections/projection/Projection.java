package io.tailrace.projections.projection;

import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;

/**
 * A copy of one topic as rows: the pure half, from record to change. Its other half, {@link
 * io.tailrace.projections.position.Rows}, writes the changes.
 *
 * <p>Reading depends on nothing but the record, so that reading the log again from offset zero gives the same rows.
 * Implementations are stateless and thread-safe.
 *
 * @param <C> the changes, a sealed type
 */
public interface Projection<C> {
    /** Names the projection in {@code projection_positions}, in its consumer group and in metrics. Never changes. */
    String name();

    /** The topic that is copied. */
    String topic();

    /** What the record asks for. Never throws for what a record holds: that is {@link ParsedRecord.Poison}. */
    ParsedRecord<C> read(LogEntry entry);
}
