package io.tailrace.ingest.log;

import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions to the brokers. An empty answer means that they did not tell in time. Made at first use, so that the service
 * starts while Kafka is away. Thread-safe; blocks.
 */
@Singleton
public final class LogAdmin {
    private static final Logger LOG = LoggerFactory.getLogger(LogAdmin.class);

    private final KafkaSettings kafka;
    private final Duration timeout;
    private final String clientId;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Admin admin;

    /** Waits {@link LogSettings#maxBlock()} for an answer. */
    @Inject
    public LogAdmin(KafkaSettings kafka, LogSettings settings) {
        this(kafka, settings, "ingest-api");
    }

    LogAdmin(KafkaSettings kafka, LogSettings settings, String clientId) {
        this.clientId = clientId;
        this.kafka = kafka;
        this.timeout = settings.maxBlock();
    }

    /** The id of a topic. */
    public Optional<Uuid> topicId(String topic) {
        return ask(a -> a.describeTopics(List.of(topic)).topicNameValues().get(topic), timeout)
                .map(description -> description.topicId());
    }

    /**
     * The offsets after the last records of partitions that a {@code read_committed} reader can see (the last stable
     * offsets): one question to each broker that leads some of them, however many they are.
     *
     * @param within how long to wait for the answer
     * @return by partition, all of them, or empty
     */
    public Optional<Map<Integer, Long>> endOffsets(String topic, Collection<Integer> partitions, Duration within) {
        Map<TopicPartition, OffsetSpec> latest = partitions.stream()
                .collect(Collectors.toMap(partition -> new TopicPartition(topic, partition), p -> OffsetSpec.latest()));
        return ask(
                        a -> a.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                                .all(),
                        within)
                .map(offsets -> offsets.entrySet().stream()
                        .collect(Collectors.toMap(entry -> entry.getKey().partition(), entry -> entry.getValue()
                                .offset())));
    }

    private <T> Optional<T> ask(Function<Admin, @Nullable KafkaFuture<T>> question, Duration within) {
        try {
            KafkaFuture<T> answer = question.apply(admin());
            return answer == null
                    ? Optional.empty()
                    : Optional.ofNullable(answer.get(within.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.warn("The brokers do not answer: {}", e.toString());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Admin admin() {
        lock.lock();
        try {
            Admin present = admin;
            if (present == null) {
                Map<String, Object> config = kafka.admin(clientId);
                int timeoutMs = Math.toIntExact(timeout.toMillis());
                config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
                config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
                config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
                present = Admin.create(config);
                admin = present;
            }
            return present;
        } finally {
            lock.unlock();
        }
    }

    @PreDestroy
    void close() {
        lock.lock();
        try {
            if (admin != null) {
                admin.close(Duration.ofSeconds(1));
            }
        } finally {
            lock.unlock();
        }
    }
}
