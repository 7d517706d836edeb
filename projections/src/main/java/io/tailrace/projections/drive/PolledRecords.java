package io.tailrace.projections.drive;

import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.consume.Poisoned;
import io.tailrace.projections.position.Move;
import io.tailrace.projections.position.Position;
import io.tailrace.projections.projection.Projection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records of one poll, and what each of them changes.
 *
 * @param items the records that change rows, per partition in the order of the log
 * @param poisoned the records that cannot be used
 * @param ignored how many records change nothing here
 * @param moves the steps over all of these offsets, and over those without a record: transaction markers, aborted records,
 *     holes that compaction left
 * @param <C> the projection's changes
 */
record PolledRecords<C>(List<Item<C>> items, List<Poisoned> poisoned, int ignored, List<Move> moves) {
    /**
     * A record and what it changes.
     *
     * @param record as it came
     * @param change what the projection made of it
     */
    record Item<C>(ConsumerRecord<byte[], byte[]> record, C change) {}

    /**
     * Reads what a poll returned.
     *
     * @param records of partitions in {@code from}
     * @param from by partition, the position before the poll
     * @param to by partition, the position after it
     */
    static <C> PolledRecords<C> read(
            Projection<C> projection,
            Iterable<ConsumerRecord<byte[], byte[]>> records,
            Map<Integer, Long> from,
            Map<Integer, Position> to) {
        List<Item<C>> items = new ArrayList<>();
        List<Poisoned> poisoned = new ArrayList<>();
        int ignored = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            switch (LogEntry.read(record, projection::read)) {
                case ParsedRecord.Changes<C>(C change) -> items.add(new Item<>(record, change));
                case ParsedRecord.Poison<C>(String reason) -> poisoned.add(new Poisoned(record, reason));
                case ParsedRecord.Ignored<C> none -> ignored++;
            }
        }
        List<Move> moves = new ArrayList<>();
        from.forEach((partition, start) -> {
            Position end = to.get(partition);
            if (end != null && end.nextOffset() > start) {
                moves.add(new Move(partition, start, end.nextOffset(), end.leaderEpoch()));
            }
        });
        return new PolledRecords<>(items, poisoned, ignored, moves);
    }
}
