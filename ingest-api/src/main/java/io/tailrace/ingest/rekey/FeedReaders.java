package io.tailrace.ingest.rekey;

import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.KafkaSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The consumer groups that deliver posts: those that have a place in the topics of posts and of follows. Thread-safe; blocks. */
public final class FeedReaders {
    private static final String CLIENT = "ingest-api-feed-readers";

    private final KafkaSettings kafka;

    /** Of the cluster of these settings. */
    public FeedReaders(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /**
     * Whether all of them have read a topic of posts up to some offsets.
     *
     * @param ends by partition of that topic, exclusive
     * @throws IllegalStateException if the brokers do not say so
     */
    public boolean haveRead(Map<TopicPartition, Long> ends) {
        return behind(ends).stream().noneMatch(behind -> behind);
    }

    /**
     * Whether one of them has read so far, or there is none. The group of a dispatcher of an older version may stay in the brokers'
     * list for ever, and never moves on.
     *
     * @param ends by partition of that topic, and of the topic of follows if that counts, exclusive
     * @throws IllegalStateException if the brokers do not say so
     */
    public boolean hasOneRead(Map<TopicPartition, Long> ends) {
        List<Boolean> behind = behind(ends);
        return behind.isEmpty() || behind.contains(false);
    }

    /** Of each group that delivers posts whether it is behind. */
    private List<Boolean> behind(Map<TopicPartition, Long> ends) {
        List<Boolean> all = new ArrayList<>();
        List<TopicPartition> places = ends.keySet().stream()
                .flatMap(place -> Stream.of(place, new TopicPartition(Topics.FOLLOWS, place.partition())))
                .distinct()
                .toList();
        try (Admin admin = Admin.create(kafka.admin(CLIENT))) {
            for (GroupListing group : admin.listGroups().all().get()) {
                var asked = Map.of(group.groupId(), new ListConsumerGroupOffsetsSpec().topicPartitions(places));
                Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(asked)
                        .partitionsToOffsetAndMetadata(group.groupId())
                        .get();
                if (isFeed(read, ends)) {
                    all.add(isBehind(read, ends));
                }
            }
            return all;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the brokers do not say who has read posts", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static boolean isFeed(Map<TopicPartition, OffsetAndMetadata> read, Map<TopicPartition, Long> ends) {
        return ends.keySet().stream().anyMatch(place -> !isOfFollows(place) && isThere(read.get(place)))
                && read.entrySet().stream().anyMatch(place -> isOfFollows(place.getKey()) && isThere(place.getValue()));
    }

    private static boolean isBehind(Map<TopicPartition, OffsetAndMetadata> read, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> {
            @Nullable OffsetAndMetadata at = read.get(end.getKey());
            return end.getValue() > 0 && (at == null || at.offset() < end.getValue());
        });
    }

    private static boolean isOfFollows(TopicPartition place) {
        return place.topic().equals(Topics.FOLLOWS);
    }

    private static boolean isThere(@Nullable OffsetAndMetadata at) {
        return at != null;
    }
}
