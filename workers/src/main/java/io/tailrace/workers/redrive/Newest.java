package io.tailrace.workers.redrive;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The newest records of some keys that are not our own, as far as the log was read. Pure; confined to one thread.
 */
final class Newest {
    private final Map<Key, Long> newest = new HashMap<>();
    private final Map<TopicPartition, Set<Long>> own = new HashMap<>();

    /** A key in a partition. */
    private record Key(TopicPartition at, ByteBuffer key) {}

    /** From now on records of this key are looked at. */
    void watch(TopicPartition at, byte[] key) {
        newest.putIfAbsent(new Key(at, ByteBuffer.wrap(key)), -1L);
    }

    /** A record at this offset is ours, whether its transaction was committed or not. */
    void isOwn(TopicPartition at, long offset) {
        own.computeIfAbsent(at, _ -> new HashSet<>()).add(offset);
    }

    /** A record was read. */
    void read(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        TopicPartition at = new TopicPartition(record.topic(), record.partition());
        if (key != null && !own.getOrDefault(at, Set.of()).contains(record.offset())) {
            newest.computeIfPresent(
                    new Key(at, ByteBuffer.wrap(key)), (_, before) -> Math.max(before, record.offset()));
        }
    }

    /** Whether there is a record of the key behind an offset. */
    boolean isBehind(TopicPartition at, byte[] key, long offset) {
        return newest.getOrDefault(new Key(at, ByteBuffer.wrap(key)), -1L) > offset;
    }
}
