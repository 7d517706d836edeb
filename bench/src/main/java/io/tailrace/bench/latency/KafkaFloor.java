package io.tailrace.bench.latency;

import io.tailrace.bench.stand.PacedSender;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The baseline: a plain Kafka producer ({@code acks=all}) and one plain consumer ({@code read_committed}) on the same
 * broker. Nothing that is built on Kafka can be faster.
 */
final class KafkaFloor {
    private static final Duration POLL = Duration.ofMillis(200);

    private KafkaFloor() {}

    /** Latencies in nanoseconds from the moment a send was due to the return of the poll that gave the record. */
    static Histogram measure(String bootstrap, int perSecond, int count, int valueBytes) throws Exception {
        String topic = "bench-floor-" + UUID.randomUUID();
        Map<String, Object> common = Map.of("bootstrap.servers", bootstrap);
        Histogram histogram = new Histogram(3);
        try (Admin admin = Admin.create(common)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
            Thread consumer = Thread.ofPlatform().start(() -> consume(bootstrap, topic, count, histogram));
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 0),
                    new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                producer.partitionsFor(topic);
                PacedSender.run(perSecond, count, due -> {
                    byte[] value = ByteBuffer.allocate(valueBytes).putLong(due).array();
                    var unused = producer.send(new ProducerRecord<>(topic, value));
                });
            }
            consumer.join();
            admin.deleteTopics(List.of(topic)).all().get();
        }
        return histogram;
    }

    private static void consume(String bootstrap, String topic, int count, Histogram histogram) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
            int seen = 0;
            while (seen < count && System.nanoTime() < deadline) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                long now = System.nanoTime();
                records.forEach(record -> histogram.recordValue(
                        Math.max(0, now - ByteBuffer.wrap(record.value()).getLong())));
                seen += records.count();
            }
        }
    }
}
