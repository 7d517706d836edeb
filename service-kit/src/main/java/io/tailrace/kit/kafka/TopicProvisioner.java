package io.tailrace.kit.kafka;

import io.tailrace.contracts.topic.TopicSpec;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.record.TimestampType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings topics into being as they are declared. Every service may do it at its start, also several at once: what exists
 * is left alone, apart from retention, compaction and whose clock counts, which are set to what is declared. Blocking; thread-safe.
 */
@Singleton
public final class TopicProvisioner {
    private static final Logger LOG = LoggerFactory.getLogger(TopicProvisioner.class);
    private static final long RETRY_PAUSE_MS = 200;

    private final KafkaSettings settings;

    /** A provisioner for the cluster of {@code settings}. */
    public TopicProvisioner(KafkaSettings settings) {
        this.settings = settings;
    }

    /**
     * Creates what is missing and waits until the leader of every partition answers for it.
     *
     * @return the topics' ids by name
     * @throws IllegalStateException if a topic exists with another number of partitions than declared, or the cluster
     *     could not do it within {@link KafkaSettings#provisionTimeout()}
     */
    public Map<String, UUID> provision(Collection<TopicSpec> specs) {
        Map<String, TopicSpec> wanted =
                specs.stream().collect(Collectors.toMap(TopicSpec::name, spec -> spec, (a, b) -> b, TreeMap::new));
        long deadlineNs = System.nanoTime() + settings.provisionTimeout().toNanos();
        Map<String, Object> properties = settings.admin("topic-provisioner");
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        try (Admin admin = Admin.create(properties)) {
            while (true) {
                Optional<Map<String, UUID>> ids = attempt(admin, wanted, deadlineNs);
                if (ids.isPresent()) {
                    return ids.get();
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_PAUSE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating topics", e);
        }
    }

    private Optional<Map<String, UUID>> attempt(Admin admin, Map<String, TopicSpec> wanted, long deadlineNs)
            throws InterruptedException {
        try {
            Map<String, TopicDescription> existing = describe(admin, wanted);
            List<TopicSpec> missing = wanted.values().stream()
                    .filter(spec -> !existing.containsKey(spec.name()))
                    .toList();
            if (missing.isEmpty()) {
                wanted.values().forEach(spec -> check(spec, existing.get(spec.name())));
                if (existing.values().stream().allMatch(TopicProvisioner::hasLeaders)) {
                    awaitLeaders(admin, existing.values());
                    align(admin, wanted);
                    return Optional.of(ids(existing));
                }
            } else {
                create(admin, missing);
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException("topics have no leader within " + settings.provisionTimeout());
            }
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            boolean again = cause instanceof RetriableException || cause instanceof TimeoutException;
            if (!again || System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException(
                        "topics could not be created at " + settings.bootstrap() + ": " + cause.getMessage(), cause);
            }
            LOG.info("Waiting for Kafka at {}: {}", settings.bootstrap(), cause.getMessage());
            return Optional.empty();
        }
    }

    private static Map<String, TopicDescription> describe(Admin admin, Map<String, TopicSpec> wanted)
            throws ExecutionException, InterruptedException, TimeoutException {
        Collection<String> names = get(admin.listTopics().names()).stream()
                .filter(wanted::containsKey)
                .toList();
        return get(admin.describeTopics(names).allTopicNames());
    }

    private void create(Admin admin, List<TopicSpec> missing)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<NewTopic> topics = missing.stream()
                .map(spec -> new NewTopic(spec.name(), spec.partitions(), (short) settings.replicationFactor())
                        .configs(configs(spec)))
                .toList();
        for (Map.Entry<String, KafkaFuture<Void>> entry :
                admin.createTopics(topics).values().entrySet()) {
            try {
                get(entry.getValue());
                LOG.info("Created topic {}", entry.getKey());
            } catch (ExecutionException e) {
                // Another service was faster; the next look shows whether it is as declared.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    /** Sets retention, compaction and the clock of topics whose declaration has changed since they were created. */
    private static void align(Admin admin, Map<String, TopicSpec> wanted)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<ConfigResource> resources = wanted.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (Map.Entry<ConfigResource, Config> entry :
                get(admin.describeConfigs(resources).all()).entrySet()) {
            TopicSpec spec = wanted.get(entry.getKey().name());
            if (spec == null) {
                continue;
            }
            List<AlterConfigOp> ops = new ArrayList<>();
            configs(spec).forEach((name, value) -> {
                ConfigEntry now = entry.getValue().get(name);
                if (now == null || !value.equals(now.value())) {
                    ops.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
                }
            });
            if (!ops.isEmpty()) {
                LOG.info("Changing topic {}: {}", spec.name(), ops);
                changes.put(entry.getKey(), ops);
            }
        }
        if (!changes.isEmpty()) {
            get(admin.incrementalAlterConfigs(changes).all());
        }
    }

    private static Map<String, String> configs(TopicSpec spec) {
        String policy = spec.compacted()
                ? spec.retention() == null
                        ? TopicConfig.CLEANUP_POLICY_COMPACT
                        : TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE
                : TopicConfig.CLEANUP_POLICY_DELETE;
        long retentionMs = spec.retention() == null ? -1 : spec.retention().toMillis();
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                policy,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(retentionMs),
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                (spec.logAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME).name);
    }

    private static void check(TopicSpec spec, @org.jspecify.annotations.Nullable TopicDescription existing) {
        if (existing != null && existing.partitions().size() != spec.partitions()) {
            throw new IllegalStateException("topic " + spec.name() + " has "
                    + existing.partitions().size() + " partitions, declared are " + spec.partitions()
                    + ": a key's partition depends on it, so it cannot change");
        }
    }

    private static boolean hasLeaders(TopicDescription topic) {
        return topic.partitions().stream()
                .allMatch(p -> p.leader() != null && !p.leader().isEmpty());
    }

    /**
     * The metadata name a leader before that broker leads. A producer whose first batch comes in between is refused, its
     * second is taken, and the first is then out of sequence until it expires.
     */
    private static void awaitLeaders(Admin admin, Collection<TopicDescription> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetSpec> ends = topics.stream()
                .flatMap(topic -> topic.partitions().stream().map(p -> new TopicPartition(topic.name(), p.partition())))
                .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest()));
        var unused = get(admin.listOffsets(ends).all());
    }

    private static Map<String, UUID> ids(Map<String, TopicDescription> existing) {
        return existing.values().stream()
                .collect(Collectors.toMap(
                        TopicDescription::name,
                        topic -> new UUID(
                                topic.topicId().getMostSignificantBits(),
                                topic.topicId().getLeastSignificantBits())));
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(15, TimeUnit.SECONDS);
    }
}
