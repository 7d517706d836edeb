package io.tailrace.edge.log;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Questions to the brokers about topics and offsets. Every question is answered, with a value or a failure. */
public interface LogFacts {
    /**
     * A namespace's topic as of now.
     *
     * @param generation of the topic
     * @param leaderless partitions that can't be read now
     */
    record TopicState(Generation generation, Set<Integer> leaderless) {}

    /**
     * The topic of a namespace. Fails if there is none, and if it has another number of partitions than the namespace
     * declares: an edge would look for channels in the wrong ones, and miss their events without noticing.
     */
    CompletionStage<TopicState> topic(int namespace);

    /**
     * Where a partition begins and ends (read committed), of which generation its topic is, and as its head's epoch the one
     * that its leader has, whether there are records of it or not.
     */
    CompletionStage<PartitionFacts> facts(PartitionId partition);

    /** The offset of the first record that retention has left. */
    CompletionStage<Long> start(PartitionId partition);

    /** The starts of those partitions whose leaders answered in time. Never fails. */
    CompletionStage<Map<PartitionId, Long>> starts(Collection<PartitionId> partitions);

    /** The epochs of the leaders of those partitions whose leaders answered in time and said it. Never fails. */
    CompletionStage<Map<PartitionId, Integer>> leaderEpochs(Collection<PartitionId> partitions);
}
