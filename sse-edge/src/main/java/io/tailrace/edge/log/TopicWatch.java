package io.tailrace.edge.log;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.PartitionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Looks after what a consumer does not say: a topic that was created anew under its old name, a partition without
 * leader, a leader that has not written yet, a log that retention has shortened. Belongs to the tailer's thread, but for {@link #generation}.
 */
final class TopicWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);

    private final LogFacts facts;
    private final Map<PartitionId, TailedPartition> partitions;
    private final Consumer<Runnable> onTailer;
    private final Map<Integer, Generation> generations = new ConcurrentHashMap<>();
    private long checkedAtMs;
    private int outstanding;

    /**
     * Watches over {@code partitions}, which belong to the tailer.
     *
     * @param onTailer runs a command on the tailer's thread
     */
    TopicWatch(LogFacts facts, Map<PartitionId, TailedPartition> partitions, Consumer<Runnable> onTailer) {
        this.facts = facts;
        this.partitions = partitions;
        this.onTailer = onTailer;
    }

    boolean isDue(long nowMs, long intervalMs) {
        boolean due = outstanding == 0 && nowMs - checkedAtMs >= intervalMs;
        if (due) {
            checkedAtMs = nowMs;
        }
        return due;
    }

    /**
     * Asks for the state of all topics that are read.
     *
     * @param lose takes a partition whose position is not one of the log any more
     */
    void check(Consumer<TopicPartition> lose) {
        Set<Integer> namespaces =
                partitions.keySet().stream().map(PartitionId::namespace).collect(Collectors.toSet());
        generations.keySet().retainAll(namespaces);
        Map<PartitionId, Generation> tailing = new HashMap<>();
        for (TailedPartition partition : partitions.values()) {
            Generation generation = partition.generation();
            if (generation != null) {
                tailing.put(partition.id(), generation);
            }
        }
        CompletionStage<Map<PartitionId, Long>> starts = facts.starts(tailing.keySet());
        outstanding++;
        facts.leaderEpochs(tailing.keySet()).thenAccept(epochs -> answer(() -> ledBy(epochs, lose)));
        for (Integer namespace : namespaces) {
            outstanding++;
            starts.thenAccept(answered -> started(namespace, answered, tailing));
        }
        for (Integer namespace : namespaces) {
            outstanding++;
            facts.topic(namespace).whenComplete((topic, fault) -> {
                if (fault == null) {
                    answer(() -> checked(namespace, topic, lose));
                } else {
                    starts.thenAccept(answered -> answer(() -> notSeen(namespace, fault, answered.keySet())));
                }
            });
        }
    }

    /** The generation of a namespace's topic as last seen, or null. Thread-safe. */
    @Nullable
    Generation generation(int namespace) {
        return generations.get(namespace);
    }

    /**
     * The topic has this generation. Partitions that are read in another one are lost, and all loops told.
     *
     * @param lose takes a partition whose position is not one of the log any more
     */
    void found(int namespace, Generation generation, Consumer<TopicPartition> lose) {
        generations.put(namespace, generation);
        List<TailedPartition> affected = of(namespace);
        List<TailedPartition> outdated = affected.stream()
                .filter(partition -> partition.isTailing() && !generation.equals(partition.generation()))
                .toList();
        if (!outdated.isEmpty()) {
            LOG.warn("namespace {}: its topic was deleted and created again", namespace);
            affected.stream()
                    .flatMap(partition -> partition.loops().stream())
                    .distinct()
                    .forEach(loop -> loop.post(core -> core.onRegenerated(namespace, generation), 0));
            outdated.forEach(partition -> lose.accept(partition.topicPartition()));
        }
    }

    private void checked(int namespace, LogFacts.TopicState topic, Consumer<TopicPartition> lose) {
        found(namespace, topic.generation(), lose);
        for (TailedPartition partition : of(namespace)) {
            if (topic.leaderless().contains(partition.id().partition())) {
                partition.tellUnavailable();
            } else {
                partition.tellAvailable();
            }
        }
    }

    /**
     * A leader that is a newer one than the log was compared with may have lost what was read. The consumer does not notice it
     * if that leader has no records of its own yet and its log ends where the one before did.
     */
    private void ledBy(Map<PartitionId, Integer> epochs, Consumer<TopicPartition> lose) {
        epochs.forEach((id, epoch) -> {
            TailedPartition partition = partitions.get(id);
            if (partition != null && partition.isTailing() && !partition.isComparedWith(epoch)) {
                lose.accept(partition.topicPartition());
            }
        });
    }

    private void answer(Runnable taken) {
        onTailer.accept(() -> {
            outstanding--;
            taken.run();
        });
    }

    /**
     * Nobody said what the topic looks like. Any broker may have been asked for that, also one that is just starting or
     * stopping; so a partition whose own leader has answered meanwhile is still one that can be read.
     */
    private void notSeen(int namespace, Throwable fault, Set<PartitionId> answered) {
        boolean known = true;
        for (TailedPartition partition : of(namespace)) {
            if (answered.contains(partition.id()) && !KafkaLogFacts.isMisdeclared(fault)) {
                partition.tellAvailable();
            } else {
                known &= partition.isUnavailable();
                partition.tellUnavailable();
            }
        }
        LOG.atLevel(known ? Level.DEBUG : Level.WARN)
                .log("namespace {}: its topic can't be looked at: {}", namespace, KafkaLogFacts.reason(fault));
    }

    /**
     * Takes where partitions of a namespace start. The answers don't say of which topic they are. They are of the one that was
     * read when they were asked for, if it is still there now that they have come.
     */
    private void started(int namespace, Map<PartitionId, Long> answered, Map<PartitionId, Generation> asked) {
        facts.topic(namespace)
                .whenComplete((topic, fault) -> answer(() -> {
                    for (TailedPartition partition : fault == null ? of(namespace) : List.<TailedPartition>of()) {
                        Long start = answered.get(partition.id());
                        Generation generation = asked.get(partition.id());
                        if (start != null
                                && topic.generation().equals(generation)
                                && topic.generation().equals(partition.generation())) {
                            partition.startedAt(start);
                        }
                    }
                }));
    }

    private List<TailedPartition> of(int namespace) {
        return partitions.values().stream()
                .filter(partition -> partition.id().namespace() == namespace)
                .toList();
    }
}
