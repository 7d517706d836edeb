package io.tailrace.ingest.erasure;

import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Whether the dispatcher has decided the commands for jobs that are in the log. Thread-safe; blocks. */
@Singleton
final class DecidedJobs {
    private static final String CLIENT = "ingest-api-erasure-commands";

    /** Of the dispatcher's application for jobs, with any prefix and version. */
    private static final Pattern DISPATCHER = Pattern.compile(".*-jobs-v\\d+");

    /** How often it is looked at whether the dispatcher has decided: it commits within moments, unless it is away. */
    private static final int LOOKS = 4;

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final KafkaSettings kafka;

    DecidedJobs(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /**
     * Whether a dispatcher has decided all commands that are there when this is called. Waits for it for some moments, because others go on to
     * write. True if there never was a dispatcher: nothing is decided then, and nobody sends anything.
     *
     * @throws IllegalStateException if the brokers do not say so
     */
    boolean areComplete() {
        Map<TopicPartition, Long> ends = ends();
        for (int look = 1; !hasOneRead(ends, positions(ends)); look++) {
            if (look == LOOKS || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return true;
    }

    /**
     * Whether one group has read so far, or there is none. That of a dispatcher of an older version may stay in the brokers' list, and never
     * moves on.
     *
     * @param ends by partition, exclusive
     * @param positions of each group, by partition; a partition of which it has read nothing is missing
     */
    static boolean hasOneRead(Map<TopicPartition, Long> ends, List<Map<TopicPartition, Long>> positions) {
        return positions.isEmpty()
                || positions.stream().anyMatch(read -> ends.entrySet().stream()
                        .allMatch(end -> read.getOrDefault(end.getKey(), 0L) >= end.getValue()));
    }

    /** Whether a group is that of a dispatcher. */
    static boolean isDispatcher(String group) {
        return DISPATCHER.matcher(group).matches();
    }

    private Map<TopicPartition, Long> ends() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer(CLIENT))) {
            return consumer.endOffsets(IntStream.range(0, Topics.FACT_PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(Topics.JOB_COMMANDS, partition))
                    .toList());
        }
    }

    /** Of the groups that have read any of the partitions. */
    private List<Map<TopicPartition, Long>> positions(Map<TopicPartition, Long> ends) {
        List<Map<TopicPartition, Long>> all = new ArrayList<>();
        try (Admin admin = Admin.create(kafka.admin(CLIENT))) {
            for (GroupListing group : admin.listGroups().all().get()) {
                if (isDispatcher(group.groupId())) {
                    Map<TopicPartition, Long> read = new HashMap<>();
                    var asked = Map.of(
                            group.groupId(),
                            new ListConsumerGroupOffsetsSpec().topicPartitions(List.copyOf(ends.keySet())));
                    admin.listConsumerGroupOffsets(asked)
                            .partitionsToOffsetAndMetadata(group.groupId())
                            .get()
                            .forEach((place, at) -> {
                                if (at != null) {
                                    read.put(place, at.offset());
                                }
                            });
                    if (!read.isEmpty()) {
                        all.add(read);
                    }
                }
            }
            return all;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the brokers do not say who has decided jobs", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
