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
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings topics into being as they are declared. Every service may do it at its start, also several at once: what exists
 * is left alone, apart from retention, compaction and whose clock counts, which are set to what is declared. What could
 * delete records waits until a person says so ({@code ./tailrace topics --apply --lose-records}). Blocking; thread-safe.
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
     * Creates what is missing and waits until the leader of every partition answers for it. Changes that could delete
     * records are not made, only told.
     *
     * @return the topics' ids by name
     * @throws IllegalStateException if a topic exists with another number of partitions than declared, or the cluster
     *     could not do it within {@link KafkaSettings#provisionTimeout()}
     */
    public Map<String, UUID> provision(Collection<TopicSpec> specs) {
        return provision(specs, false);
    }

    /**
     * As {@link #provision(Collection)}.
     *
     * @param loseRecords whether changes are made that could delete records
     */
    public Map<String, UUID> provision(Collection<TopicSpec> specs, boolean loseRecords) {
        return untilDone((admin, deadlineNs) -> attempt(admin, byName(specs), loseRecords, deadlineNs));
    }

    /**
     * Says what {@link #provision} would do, and changes nothing.
     *
     * @throws IllegalStateException if the cluster does not answer within {@link KafkaSettings#provisionTimeout()}
     */
    public TopicPlan plan(Collection<TopicSpec> specs) {
        return untilDone((admin, _) -> Optional.of(plan(admin, byName(specs))));
    }

    /** One attempt: its result, or nothing if it has to be made again. */
    private interface Attempt<T> {
        Optional<T> with(Admin admin, long deadlineNs)
                throws ExecutionException, InterruptedException, TimeoutException;
    }

    private <T> T untilDone(Attempt<T> attempt) {
        long deadlineNs = System.nanoTime() + settings.provisionTimeout().toNanos();
        Map<String, Object> properties = settings.admin("topic-provisioner");
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        try (Admin admin = Admin.create(properties)) {
            while (true) {
                Optional<T> result = once(attempt, admin, deadlineNs);
                if (result.isPresent()) {
                    return result.get();
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_PAUSE_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking after topics", e);
        }
    }

    private <T> Optional<T> once(Attempt<T> attempt, Admin admin, long deadlineNs) throws InterruptedException {
        try {
            return attempt.with(admin, deadlineNs);
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

    private Optional<Map<String, UUID>> attempt(
            Admin admin, Map<String, TopicSpec> wanted, boolean loseRecords, long deadlineNs)
            throws ExecutionException, InterruptedException, TimeoutException {
        TopicPlan plan = plan(admin, wanted);
        if (!plan.refusals().isEmpty()) {
            TopicStep.Refusal refusal = plan.refusals().getFirst();
            throw new IllegalStateException("topic " + refusal.topic() + " " + refusal.reason());
        }
        if (!plan.missing().isEmpty()) {
            create(admin, plan.missing());
        } else {
            Map<String, TopicDescription> existing = describe(admin, wanted);
            if (existing.values().stream().allMatch(TopicProvisioner::hasLeaders)) {
                awaitLeaders(admin, existing.values());
                change(admin, plan, loseRecords);
                return Optional.of(ids(existing));
            }
        }
        if (System.nanoTime() - deadlineNs > 0) {
            String problem = "topics have no leader within " + settings.provisionTimeout();
            throw new IllegalStateException(problem, new LeaderNotAvailableException(problem));
        }
        return Optional.empty();
    }

    private static Map<String, TopicSpec> byName(Collection<TopicSpec> specs) {
        return specs.stream().collect(Collectors.toMap(TopicSpec::name, spec -> spec, (a, b) -> b, TreeMap::new));
    }

    private TopicPlan plan(Admin admin, Map<String, TopicSpec> wanted)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<String, TopicDescription> topics = describe(admin, wanted);
        List<ConfigResource> resources = topics.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<String, TopicPlan.Existing> existing = new HashMap<>();
        get(admin.describeConfigs(resources).all()).forEach((resource, config) -> {
            TopicDescription topic = topics.get(resource.name());
            if (topic != null) {
                existing.put(
                        resource.name(),
                        new TopicPlan.Existing(topic.partitions().size(), values(config)));
            }
        });
        return TopicPlan.of(wanted.values(), existing, compaction());
    }

    private TopicPlan.Compaction compaction() {
        return new TopicPlan.Compaction(settings.compactionLag(), settings.tombstoneRetention());
    }

    private static Map<String, String> values(Config config) {
        Map<String, String> values = new HashMap<>();
        for (ConfigEntry entry : config.entries()) {
            if (entry.value() != null) {
                values.put(entry.name(), entry.value());
            }
        }
        return values;
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
                        .configs(TopicPlan.settings(spec, compaction())))
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
    private static void change(Admin admin, TopicPlan plan, boolean loseRecords)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (TopicStep.Change change : plan.changes()) {
            if (change.losesRecords() && !loseRecords) {
                LOG.warn("Topic differs from its declaration, see ./tailrace topics: {}", change.text());
            } else {
                LOG.warn("Changing a topic: {}", change.text());
                changes.computeIfAbsent(
                                new ConfigResource(ConfigResource.Type.TOPIC, change.topic()), _ -> new ArrayList<>())
                        .add(new AlterConfigOp(
                                new ConfigEntry(change.setting(), change.to()), AlterConfigOp.OpType.SET));
            }
        }
        if (!changes.isEmpty()) {
            get(admin.incrementalAlterConfigs(changes).all());
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
