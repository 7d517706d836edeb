package io.tailrace.edge.log;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the brokers through an admin client. Every answer comes within the request timeout, on a thread of the client that
 * must not be blocked. A partition without leader delays only its own answer. Thread-safe.
 */
public final class KafkaLogFacts implements LogFacts, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaLogFacts.class);

    private final Admin admin;
    private final RecordFrames frames;
    private final int timeoutMs;

    /** Asks through {@code admin}, which belongs to it from now on. */
    public KafkaLogFacts(Admin admin, RecordFrames frames, Duration timeout) {
        this.admin = admin;
        this.frames = frames;
        this.timeoutMs = Math.toIntExact(timeout.toMillis());
    }

    @Override
    public CompletionStage<TopicState> topic(int namespace) {
        String topic = frames.topic(namespace);
        return asked(() -> admin.describeTopics(List.of(topic), new DescribeTopicsOptions().timeoutMs(timeoutMs))
                        .allTopicNames())
                .thenApply(
                        descriptions -> state(descriptions.values().iterator().next(), frames.partitions(namespace)));
    }

    @Override
    public CompletionStage<PartitionFacts> facts(PartitionId partition) {
        CompletionStage<Long> start = start(partition);
        CompletionStage<ListOffsetsResultInfo> end = offset(partition, OffsetSpec.latest());
        return topic(partition.namespace())
                .thenCompose(topic -> start.thenCombine(
                        end,
                        // Asked for one after the other, the start may be past the end by now.
                        (from, to) -> new PartitionFacts(
                                partition,
                                topic.generation(),
                                Math.min(from, to.offset()),
                                to.offset(),
                                to.leaderEpoch().orElse(Cursor.NO_EPOCH),
                                0)));
    }

    /**
     * The leader epoch that a partition has reached: the leader's own, not that of the last record. {@link Cursor#NO_EPOCH}
     * if brokers do not say.
     */
    public CompletionStage<Integer> leaderEpoch(PartitionId partition) {
        return offset(partition, OffsetSpec.latest())
                .thenApply(latest -> latest.leaderEpoch().orElse(Cursor.NO_EPOCH));
    }

    @Override
    public CompletionStage<Long> start(PartitionId partition) {
        return offset(partition, OffsetSpec.earliest()).thenApply(ListOffsetsResultInfo::offset);
    }

    @Override
    public CompletionStage<Map<PartitionId, Long>> starts(Collection<PartitionId> partitions) {
        return offsets(partitions, OffsetSpec.earliest(), info -> Optional.of(info.offset()));
    }

    @Override
    public CompletionStage<Map<PartitionId, Integer>> leaderEpochs(Collection<PartitionId> partitions) {
        return offsets(partitions, OffsetSpec.latest(), ListOffsetsResultInfo::leaderEpoch);
    }

    private <T> CompletionStage<Map<PartitionId, T>> offsets(
            Collection<PartitionId> partitions, OffsetSpec spec, Function<ListOffsetsResultInfo, Optional<T>> wanted) {
        if (partitions.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        Map<TopicPartition, OffsetSpec> question = new HashMap<>();
        partitions.forEach(partition -> question.put(frames.topicPartition(partition), spec));
        ListOffsetsResult result;
        try {
            result = admin.listOffsets(question, options());
        } catch (RuntimeException e) {
            LOG.debug("nobody can be asked for the offsets of partitions", e);
            return CompletableFuture.completedFuture(Map.of());
        }
        Map<PartitionId, T> found = new ConcurrentHashMap<>();
        CompletableFuture<?>[] answers = partitions.stream()
                .map(partition -> result.partitionResult(frames.topicPartition(partition))
                        .thenApply(wanted::apply)
                        .toCompletionStage()
                        .handle((value, fault) -> {
                            Optional.ofNullable(value)
                                    .flatMap(Function.identity())
                                    .ifPresent(known -> found.put(partition, known));
                            return null;
                        })
                        .toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(answers).thenApply(done -> Map.copyOf(found));
    }

    /** Questions that are open fail; bounded. */
    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    /** A failure in a few words, for the log. */
    static String reason(Throwable fault) {
        return cause(fault).toString();
    }

    /** Whether a question for a topic failed because it is there with another number of partitions than declared. */
    static boolean isMisdeclared(Throwable fault) {
        return cause(fault) instanceof IllegalStateException;
    }

    private static Throwable cause(Throwable fault) {
        Throwable cause = fault.getCause();
        return fault instanceof CompletionException && cause != null ? cause : fault;
    }

    private CompletionStage<ListOffsetsResultInfo> offset(PartitionId partition, OffsetSpec spec) {
        TopicPartition topicPartition = frames.topicPartition(partition);
        return asked(
                () -> admin.listOffsets(Map.of(topicPartition, spec), options()).partitionResult(topicPartition));
    }

    /** A client that cannot even be asked, because it cannot be made for example, is a failure like any other. */
    private static <T> CompletionStage<T> asked(Supplier<KafkaFuture<T>> question) {
        try {
            return question.get().toCompletionStage();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private ListOffsetsOptions options() {
        return new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(timeoutMs);
    }

    private static TopicState state(TopicDescription description, int declared) {
        if (description.partitions().size() != declared) {
            throw new IllegalStateException("topic " + description.name() + " has "
                    + description.partitions().size() + " partitions, expected " + declared + " as declared");
        }
        Set<Integer> leaderless = new HashSet<>();
        for (TopicPartitionInfo partition : description.partitions()) {
            if (partition.leader() == null || partition.leader().isEmpty()) {
                leaderless.add(partition.partition());
            }
        }
        UUID id = new UUID(
                description.topicId().getMostSignificantBits(),
                description.topicId().getLeastSignificantBits());
        return new TopicState(Generation.of(id), Set.copyOf(leaderless));
    }
}
