package io.tailrace.ingest.testing;

import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** What {@code projections} writes to PostgreSQL about schedules, written as soon as it is in the log. */
public final class ScheduleProjections {
    private static final class Shared {
        static final Thread COPYING =
                Thread.ofPlatform().daemon().name("schedule-projections").start(ScheduleProjections::run);
    }

    private ScheduleProjections() {}

    /** Copies from now on, for as long as this JVM runs. */
    public static void start() {
        if (!Shared.COPYING.isAlive()) {
            throw new IllegalStateException("the copy of the schedules has ended");
        }
    }

    private static void run() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(TestBroker.shared().settings().consumer("schedule-projections"))) {
            List<TopicPartition> partitions = IntStream.range(0, Topics.FACT_PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(Topics.SCHEDULES, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    copy(record);
                }
            }
        }
    }

    private static void copy(ConsumerRecord<byte[], byte[]> record) {
        String name = new String(record.key(), StandardCharsets.UTF_8);
        TestPostgres.shared().update("delete from schedules where name = ?", name);
        if (EventRecords.read(record) instanceof EventReading.Readable(var event)) {
            TestPostgres.shared()
                    .update(
                            "insert into schedules values (?, ?, now())",
                            name,
                            new String(event.data(), StandardCharsets.UTF_8));
        }
        Projections.moveTo("schedules", Topics.SCHEDULES, record.partition(), record.offset() + 1);
    }
}
