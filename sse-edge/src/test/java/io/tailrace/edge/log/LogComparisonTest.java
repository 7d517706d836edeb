package io.tailrace.edge.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.BatchBuilder;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.edge.window.PartitionWindow;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.junit.jupiter.api.Test;

/** Answers that several brokers have given together. */
class LogComparisonTest {
    private static final PartitionId P = new PartitionId(1, 0);
    private static final Generation G = new Generation(7);

    private int leaderEpoch = 5;
    private int leaderEpochAfterwards = 5;
    private int askedLeader;

    private final LogFacts facts = new LogFacts() {
        @Override
        public CompletionStage<TopicState> topic(int namespace) {
            return CompletableFuture.completedFuture(new TopicState(G, Set.of()));
        }

        @Override
        public CompletionStage<PartitionFacts> facts(PartitionId partition) {
            return CompletableFuture.completedFuture(new PartitionFacts(P, G, 0, 20, leaderEpoch, 0));
        }

        @Override
        public CompletionStage<Long> start(PartitionId partition) {
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public CompletionStage<Map<PartitionId, Long>> starts(Collection<PartitionId> partitions) {
            return CompletableFuture.completedFuture(Map.of(P, 0L));
        }

        @Override
        public CompletionStage<Map<PartitionId, Integer>> leaderEpochs(Collection<PartitionId> partitions) {
            return CompletableFuture.completedFuture(
                    leaderEpochAfterwards < 0 ? Map.of() : Map.of(P, leaderEpochAfterwards));
        }
    };
    private final LogComparison comparison = new LogComparison(facts, (partition, epoch, asOf) -> {
        askedLeader = asOf;
        return CompletableFuture.completedFuture(new EpochEnds.EpochEnd(epoch, 12));
    });

    @Test
    void whereAnEpochEndsIsAskedOfTheLeaderThatHasSaidHowFarTheLogReaches() {
        LogComparison.End end = comparison.end(P, 3).toCompletableFuture().join();

        assertThat(askedLeader).isEqualTo(5);
        assertThat(end.end().offset()).isEqualTo(20);
        assertThat(end.end().leaderEpoch()).isEqualTo(5);
        assertThat(end.end().epochEnd()).isEqualTo(12);
    }

    @Test
    void answersBetweenWhichAnotherLeaderHasComeAreNotUsedTogether() {
        leaderEpochAfterwards = 6;

        assertThatThrownBy(() -> comparison.end(P, 3).toCompletableFuture().join())
                .hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        assertThatThrownBy(
                        () -> comparison.find(P, read()).toCompletableFuture().join())
                .hasCauseInstanceOf(NotLeaderOrFollowerException.class);
    }

    @Test
    void answersAreNotUsedIfNobodySaysThatTheLeaderIsTheSame() {
        leaderEpochAfterwards = -1;

        assertThatThrownBy(
                        () -> comparison.find(P, read()).toCompletableFuture().join())
                .hasCauseInstanceOf(NotLeaderOrFollowerException.class);
    }

    private static ReadLog read() {
        PartitionWindow window = new PartitionWindow(10, 1 << 20);
        Batch batch = new BatchBuilder(P, G, 10).ofEpoch(4).build(15);
        window.append(batch);
        return ReadLog.of(G, window);
    }

    @Test
    void anAnswerCountsIfTheLeaderThatWasComparedLastHasGivenIt() {
        LogComparison.End end = comparison.end(P, 3).toCompletableFuture().join();

        assertThat(end.leader(G, 5, 20)).isEqualTo(LogComparison.Leader.COMPARED);
        assertThat(end.leader(G, 4, 20)).isEqualTo(LogComparison.Leader.LATER);
        assertThat(end.leader(G, 6, 20)).isEqualTo(LogComparison.Leader.EARLIER);
        assertThat(end.leader(new Generation(8), 5, 20)).isEqualTo(LogComparison.Leader.OF_ANOTHER_TOPIC);
        // A leader may answer before it has told its new head.
        assertThat(end.leader(G, 5, 21)).isEqualTo(LogComparison.Leader.COMPARED);
    }

    @Test
    void withoutEpochsALogThatIsShorterThanWhatWasReadIsComparedFirst() {
        LogComparison.End end = comparison.end(P, 3).toCompletableFuture().join();

        assertThat(end.leader(G, Cursor.NO_EPOCH, 20)).isEqualTo(LogComparison.Leader.COMPARED);
        assertThat(end.leader(G, Cursor.NO_EPOCH, 21)).isEqualTo(LogComparison.Leader.LATER);
    }
}
