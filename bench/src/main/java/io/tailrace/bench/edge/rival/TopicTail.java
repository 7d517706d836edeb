package io.tailrace.bench.edge.rival;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads topics from their ends on one thread, which ends with the process. */
final class TopicTail {
    private static final Duration POLL = Duration.ofMillis(500);

    private TopicTail() {}

    /**
     * Starts to read; what is written after this returns is delivered.
     *
     * @param topics their names
     * @param records called on the reading thread
     */
    static void start(List<String> topics, Consumer<ConsumerRecords<byte[], byte[]>> records) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        System.getenv("TAILRACE_KAFKA_BOOTSTRAP"),
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "latest",
                        "fetch.max.bytes",
                        4_194_304,
                        "max.partition.fetch.bytes",
                        4_194_304,
                        "max.poll.records",
                        10_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        Thread thread = new Thread(
                () -> {
                    while (true) {
                        records.accept(consumer.poll(POLL));
                    }
                },
                "topic-tail");
        thread.setDaemon(true);
        thread.start();
    }

    /** The channel of a record. */
    static String channel(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    /** The data of an event, in the form of the edge's. */
    static String envelope(ConsumerRecord<byte[], byte[]> record) {
        return "{\"channel\":\"" + channel(record) + "\",\"id\":\"" + header(record, "ce_id") + "\",\"time\":\""
                + header(record, "ce_time") + "\",\"data\":" + new String(record.value(), StandardCharsets.UTF_8) + "}";
    }

    /** An id as long as a cursor in one partition. */
    static String id(ConsumerRecord<byte[], byte[]> record) {
        return String.format(java.util.Locale.ROOT, "%020d", record.offset());
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        @Nullable Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
