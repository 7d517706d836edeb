package io.tailrace.bench.feed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The followers of one author, by their numbers from 0. They follow by facts that are written into the log as ingest-api
 * writes them: a million requests are not what is measured.
 *
 * @param author whom they follow
 * @param size how many they are
 */
record Crowd(UUID author, int size) {
    static final String FOLLOWS = "tailrace.follows";

    /** UUIDs of version 7 and variant 2, of which only the lower bits differ. */
    private static final long HIGH = 0x0190f3c200007000L;

    private static final long LOW = 0x8000000000000000L;

    /** The follower of a number. Bits are spread over the id, as those of real ones are: they do not compress. */
    UUID follower(int number) {
        return new UUID(HIGH ^ (mixed(number) << 16), LOW | number);
    }

    /** The number of a follower, or -1 for somebody else. */
    int number(UUID user) {
        int number = (int) user.getLeastSignificantBits();
        return number >= 0 && number < size && follower(number).equals(user) ? number : -1;
    }

    private static long mixed(long number) {
        long mixed = (number + 1) * 0x9e3779b97f4a7c15L;
        return (mixed ^ mixed >>> 31) & 0xffff_ffffL;
    }

    /** Writes that all of them follow the author, and waits until the broker has it. */
    void follow(String bootstrap) {
        AtomicReference<@Nullable Exception> fault = new AtomicReference<>();
        byte[] at = Instant.now().toString().getBytes(StandardCharsets.US_ASCII);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 20, "batch.size", 131_072),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            int partitions = producer.partitionsFor(FOLLOWS).size();
            int partition = Utils.toPositive(Utils.murmur2(bytes(author.toString()))) % partitions;
            for (int i = 0; i < size; i++) {
                String follower = follower(i).toString();
                byte[] value = bytes("{\"follower_id\":\"" + follower + "\",\"followee_id\":\"" + author
                        + "\",\"at\":\"" + new String(at, StandardCharsets.US_ASCII) + "\"}");
                List<Header> headers = List.of(
                        header("ce_specversion", bytes("1.0")),
                        header("ce_id", bytes(new UUID(HIGH, LOW | i).toString())),
                        header("ce_type", bytes("user_followed")),
                        header("ce_source", bytes("/tailrace/bench")),
                        header("ce_time", at),
                        header("content-type", bytes("application/json")));
                var unused = producer.send(
                        new ProducerRecord<>(FOLLOWS, partition, null, bytes(author + "/" + follower), value, headers),
                        (metadata, failure) -> {
                            if (failure != null) {
                                fault.compareAndSet(null, failure);
                            }
                        });
            }
            producer.flush();
        }
        Exception failure = fault.get();
        if (failure != null) {
            throw new IllegalStateException("a follow did not reach " + FOLLOWS, failure);
        }
    }

    /** The user of a key of a feed's record, {@code feed:} and an id; null for another key. */
    static @Nullable UUID user(byte[] key) {
        String channel = StandardCharsets.US_ASCII.decode(ByteBuffer.wrap(key)).toString();
        return channel.startsWith("feed:") ? UUID.fromString(channel.substring("feed:".length())) : null;
    }

    private static Header header(String name, byte[] value) {
        return new RecordHeader(name, value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
