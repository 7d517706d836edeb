package io.tailrace.dispatcher;

import io.tailrace.kit.kafka.KafkaSettings;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks, before an application starts, whether Kafka still knows how far it has come. A broker forgets the offsets of a
 * group that has had no members for {@code offsets.retention.minutes}, seven days by default; the application would then
 * begin at the first fact, and deliver everything to everybody again. Reads only. Blocking; thread-safe.
 */
final class StartGuard {
    private static final long TIMEOUT_S = 30;

    private final KafkaSettings kafka;

    StartGuard(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /**
     * Checks an application.
     *
     * @throws IllegalStateException if it has state but no offsets, or the cluster cannot be asked
     */
    void check(String applicationId) {
        try (Admin admin = Admin.create(kafka.admin(applicationId + "-start-guard"))) {
            if (!hasOffsets(admin, applicationId) && hasState(admin, applicationId)) {
                throw new IllegalStateException("group " + applicationId + " has state but no committed offsets, so it"
                        + " would deliver everything again. Kafka forgets offsets after offsets.retention.minutes"
                        + " without members. Set them (kafka-consumer-groups --reset-offsets), or delete the topics "
                        + applicationId + "-*-changelog to really begin again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking at group " + applicationId, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot look at the offsets of group " + applicationId, e);
        }
    }

    /**
     * The id of the Kafka cluster.
     *
     * @throws IllegalStateException if the cluster cannot be asked
     */
    String clusterId() {
        try (Admin admin = Admin.create(kafka.admin("dispatcher-start-guard"))) {
            return get(admin.describeCluster().clusterId());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking for the cluster's id", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot ask for the cluster's id", e);
        }
    }

    private static boolean hasOffsets(Admin admin, String group)
            throws ExecutionException, InterruptedException, TimeoutException {
        return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).values().stream()
                .anyMatch(offset -> offset != null);
    }

    private static boolean hasState(Admin admin, String applicationId)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<String> changelogs = get(admin.listTopics().names()).stream()
                .filter(topic -> topic.startsWith(applicationId + "-") && topic.endsWith("-changelog"))
                .toList();
        Collection<TopicPartition> partitions = get(
                        admin.describeTopics(changelogs).allTopicNames())
                .values()
                .stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
        Map<TopicPartition, OffsetSpec> ends =
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        return get(admin.listOffsets(ends).all()).values().stream()
                .mapToLong(ListOffsetsResultInfo::offset)
                .anyMatch(end -> end > 0);
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(TIMEOUT_S, TimeUnit.SECONDS);
    }
}
