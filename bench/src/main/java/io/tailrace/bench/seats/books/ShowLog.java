package io.tailrace.bench.seats.books;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads what the log says of one show, from the first record to the end, committed records only. */
final class ShowLog {
    private static final String EVENTS = "tailrace.seat-events";
    private static final String CHANNEL = "tailrace.channels.show";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrap;
    private final UUID show;

    ShowLog(String bootstrap, UUID show) {
        this.bootstrap = bootstrap;
        this.show = show;
    }

    /** The history of the show by its decisions. */
    ShowBook book() throws IOException {
        ShowBook book = new ShowBook();
        for (ConsumerRecord<byte[], byte[]> record : records(EVENTS, show.toString())) {
            switch (type(record)) {
                case "seat_decision_made" -> book.decided(Decision.of(JSON.readTree(record.value())));
                case "reservation_expired" -> book.changed(Reservation.of(JSON.readTree(record.value())));
                default -> book.faults().add("an unknown event: " + type(record));
            }
        }
        return book;
    }

    /** What the channel of the show says. */
    List<SeatStep> channel() throws IOException {
        List<SeatStep> steps = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records(CHANNEL, "show:" + show)) {
            steps.add(new SeatStep(type(record), Reservation.seats(JSON.readTree(record.value()))));
        }
        return steps;
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic, String key) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        byte[] wanted = key.getBytes(StandardCharsets.UTF_8);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            int partitions = consumer.partitionsFor(topic).size();
            TopicPartition partition =
                    new TopicPartition(topic, BuiltInPartitioner.partitionForKey(wanted, partitions));
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            consumer.seekToBeginning(List.of(partition));
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (java.util.Arrays.equals(record.key(), wanted)) {
                        found.add(record);
                    }
                }
            }
        }
        return found;
    }

    private static String type(ConsumerRecord<byte[], byte[]> record) {
        @Nullable Header type = record.headers().lastHeader("ce_type");
        return type == null ? "" : new String(type.value(), StandardCharsets.UTF_8);
    }
}
