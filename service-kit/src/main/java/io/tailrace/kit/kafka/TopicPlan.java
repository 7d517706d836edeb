package io.tailrace.kit.kafka;

import io.tailrace.contracts.topic.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * What has to happen so that topics are as they are declared. Pure; immutable.
 *
 * @param steps in the order of the topics' names
 */
public record TopicPlan(List<TopicStep> steps) {
    private static final long FOR_EVER = -1;

    /** Copies. */
    public TopicPlan {
        steps = List.copyOf(steps);
    }

    /**
     * A topic as it is.
     *
     * @param partitions how many it has
     * @param settings by name, at least those of {@link #settings}
     */
    public record Existing(int partitions, Map<String, String> settings) {}

    /**
     * How soon a compacted topic forgets.
     *
     * @param lag after which a record whose key has a newer one is gone
     * @param tombstones how long a tombstone is kept after that
     */
    public record Compaction(Duration lag, Duration tombstones) {}

    /**
     * Compares.
     *
     * @param compaction of those that are compacted
     * @param declared how the topics are to be
     * @param existing those that are there, by name
     */
    public static TopicPlan of(Collection<TopicSpec> declared, Map<String, Existing> existing, Compaction compaction) {
        Map<String, TopicSpec> byName = new TreeMap<>();
        declared.forEach(spec -> byName.put(spec.name(), spec));
        List<TopicStep> steps = new ArrayList<>();
        byName.values().forEach(spec -> steps.addAll(steps(spec, existing.get(spec.name()), compaction)));
        return new TopicPlan(steps);
    }

    private static List<TopicStep> steps(TopicSpec spec, @Nullable Existing now, Compaction compaction) {
        if (now == null) {
            return List.of(new TopicStep.Create(spec));
        }
        if (now.partitions() != spec.partitions()) {
            return List.of(new TopicStep.Refusal(
                    spec.name(),
                    "has " + now.partitions() + " partitions, declared are " + spec.partitions()
                            + ": a key's partition depends on it, so it cannot change"));
        }
        List<TopicStep> changes = new ArrayList<>();
        new TreeMap<>(settings(spec, compaction)).forEach((name, to) -> {
            @Nullable String from = now.settings().get(name);
            if (!to.equals(from)) {
                changes.add(new TopicStep.Change(spec.name(), name, from, to, losesRecords(name, from, to)));
            }
        });
        return changes;
    }

    /** Whether a broker may delete something after this change that it would have kept before. */
    private static boolean losesRecords(String setting, @Nullable String from, String to) {
        return switch (setting) {
            case TopicConfig.RETENTION_MS_CONFIG -> from == null || isShorter(Long.parseLong(to), Long.parseLong(from));
            case TopicConfig.CLEANUP_POLICY_CONFIG ->
                from == null || !policies(from).containsAll(policies(to));
            default -> false;
        };
    }

    private static boolean isShorter(long retentionMs, long thanMs) {
        return retentionMs != FOR_EVER && (thanMs == FOR_EVER || retentionMs < thanMs);
    }

    private static Set<String> policies(String list) {
        return Set.of(list.split(","));
    }

    /** The settings of a topic that is as declared. */
    static Map<String, String> settings(TopicSpec spec, Compaction compaction) {
        String policy = spec.compacted()
                ? spec.retention() == null
                        ? TopicConfig.CLEANUP_POLICY_COMPACT
                        : TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE
                : TopicConfig.CLEANUP_POLICY_DELETE;
        long retentionMs =
                spec.retention() == null ? FOR_EVER : spec.retention().toMillis();
        Map<String, String> settings = new HashMap<>();
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, policy);
        settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retentionMs));
        settings.put(
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                (spec.logAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME).name);
        if (spec.compacted()) {
            settings.put(
                    TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                    Long.toString(compaction.lag().toMillis()));
            settings.put(
                    TopicConfig.DELETE_RETENTION_MS_CONFIG,
                    Long.toString(compaction.tombstones().toMillis()));
        }
        return settings;
    }

    /** What is missing. */
    public List<TopicSpec> missing() {
        return steps.stream()
                .filter(TopicStep.Create.class::isInstance)
                .map(step -> ((TopicStep.Create) step).spec())
                .toList();
    }

    /** Settings that differ. */
    public List<TopicStep.Change> changes() {
        return steps.stream()
                .filter(TopicStep.Change.class::isInstance)
                .map(TopicStep.Change.class::cast)
                .toList();
    }

    /** What cannot be done. */
    public List<TopicStep.Refusal> refusals() {
        return steps.stream()
                .filter(TopicStep.Refusal.class::isInstance)
                .map(TopicStep.Refusal.class::cast)
                .toList();
    }

    /** Settings that differ and whose change may delete records. */
    public List<TopicStep.Change> losses() {
        return changes().stream().filter(TopicStep.Change::losesRecords).toList();
    }
}
