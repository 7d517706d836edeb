package io.tailrace.edge.log;

import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.contracts.event.Event;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.BatchBuilder;
import io.tailrace.edge.window.PartitionId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Records of channel topics as batches of frames, and partitions as Kafka names them. A record is not checked as an
 * event: whoever wrote it has done that, and the encoder keeps a frame whole whatever is in it. Stateless and thread-safe.
 */
public final class RecordFrames {
    private final Namespaces namespaces;

    /** Frames for the topics of these namespaces. */
    public RecordFrames(Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    /** The topic of a namespace. */
    public String topic(int namespace) {
        return declared(namespace).topic();
    }

    /** How many partitions a namespace declares. */
    public int partitions(int namespace) {
        return declared(namespace).partitions();
    }

    /** The partition as Kafka names it. */
    public TopicPartition topicPartition(PartitionId partition) {
        return new TopicPartition(topic(partition.namespace()), partition.partition());
    }

    /**
     * The range from {@code fromOffset} to {@code toOffset} with all its records, as one batch for each leader epoch in
     * it: nearly always one, because a batch of two would not know the epoch of a position inside of it.
     *
     * @param toEpoch the leader epoch of whatever is last in the range, {@link Cursor#NO_EPOCH} if it is not known
     * @param records in offset order, all within the range
     */
    public static List<Batch> batches(
            PartitionId partition,
            Generation generation,
            long fromOffset,
            long toOffset,
            int toEpoch,
            List<ConsumerRecord<byte[], byte[]>> records) {
        List<Batch> batches = new ArrayList<>(1);
        long from = fromOffset;
        int first = 0;
        for (int i = 1; i <= records.size(); i++) {
            int epoch = epoch(records.get(i - 1));
            boolean more = i < records.size();
            if (epoch != (more ? epoch(records.get(i)) : toEpoch)) {
                long to = records.get(i - 1).offset() + 1;
                batches.add(batch(partition, generation, from, to, epoch, records.subList(first, i)));
                from = to;
                first = i;
            }
        }
        if (from < toOffset) {
            batches.add(batch(partition, generation, from, toOffset, toEpoch, records.subList(first, records.size())));
        }
        return batches;
    }

    private static Batch batch(
            PartitionId partition,
            Generation generation,
            long fromOffset,
            long toOffset,
            int leaderEpoch,
            List<ConsumerRecord<byte[], byte[]>> records) {
        BatchBuilder builder = new BatchBuilder(partition, generation, fromOffset).ofEpoch(leaderEpoch);
        records.forEach(record -> add(builder, record));
        return builder.build(toOffset);
    }

    /** The leader epoch of the last record before a position, {@link Cursor#NO_EPOCH} if it is not known. */
    public static int epoch(OffsetAndMetadata position) {
        return position.leaderEpoch().orElse(Cursor.NO_EPOCH);
    }

    private static int epoch(ConsumerRecord<byte[], byte[]> record) {
        return record.leaderEpoch().orElse(Cursor.NO_EPOCH);
    }

    /** Adds a record; one without a key belongs to no channel and is left out. */
    private static void add(BatchBuilder builder, ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        if (key == null) {
            return;
        }
        String id = header(record, Event.HEADER_ID);
        String type = header(record, Event.HEADER_TYPE);
        String time = header(record, Event.HEADER_TIME);
        builder.add(
                record.offset(),
                text(key),
                type == null ? "" : type,
                id == null ? record.partition() + "-" + record.offset() : id,
                time == null ? Instant.ofEpochMilli(record.timestamp()).toString() : time,
                record.value());
    }

    private Namespace declared(int namespace) {
        return namespaces
                .byNumber(namespace)
                .orElseThrow(() -> new IllegalArgumentException("namespace " + namespace + ": not declared"));
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        @Nullable Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : text(header.value());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
