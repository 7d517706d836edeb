package io.tailrace.edge.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.stream.LogEnd;
import io.tailrace.edge.stream.ResetReason;
import io.tailrace.edge.stream.Start;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where pages begin in a log that has lost, or never had, what their cursor says. */
class PageStartTest {
    private static final Generation G = new Generation(7);

    /** From 10 to 100, of the leader of epoch 5. */
    private static final PartitionFacts LOG = new PartitionFacts(new PartitionId(1, 0), G, 10, 100, 5, 0);

    private static final LogEnd END = new LogEnd(100, 5);

    @Test
    void aPositionOfTheLeadersOwnEpochIsGoodUpToTheEnd() {
        assertStart(new Start.At(G, 100, 5), END, 100, null);
        assertStart(new Start.At(G, 101, 5), END, 100, ResetReason.BEYOND_END);
    }

    @Test
    void aPositionOfAnEpochThatIsOverIsGoodAsFarAsTheLogHasIt() {
        LogEnd over = new LogEnd(100, 5, 3, 3, 60);

        assertStart(new Start.At(G, 60, 3), over, 60, null);
        assertStart(new Start.At(G, 61, 3), over, 60, ResetReason.TRUNCATED);
    }

    @Test
    void aPositionOfAnEpochThatTheLogDoesNotHaveIsToldAsTruncatedFromTheOldestEventOn() {
        assertStart(new Start.At(G, 50, 3), new LogEnd(100, 5, 3, 2, 40), 10, ResetReason.TRUNCATED);
        assertStart(new Start.At(G, 50, 6), END, 10, ResetReason.TRUNCATED);
    }

    @Test
    void aPositionWithoutAnEpochIsGoodUpToTheEnd() {
        assertStart(new Start.At(G, 50, Cursor.NO_EPOCH), END, 50, null);
        assertStart(new Start.At(G, 101, Cursor.NO_EPOCH), END, 100, ResetReason.BEYOND_END);
    }

    @Test
    void aPositionOfADeletedTopicIsToldAsAnotherGeneration() {
        assertStart(new Start.At(new Generation(8), 50, 5), END, 10, ResetReason.OTHER_GENERATION);
    }

    @Test
    void whatRetentionHasTakenIsToldAsAGap() {
        PageStart start = PageStart.of(new Start.At(G, 4, 1), LOG, new LogEnd(100, 5, 1, 1, 10));

        assertThat(start.gap()).isEqualTo(new PageStart.Gap(4, 10));
        assertThat(start.position().offset()).isEqualTo(10);
        assertThat(start.reset()).isNull();
    }

    @Test
    void atTheOldestEventNothingIsLeftToBeCompared() {
        assertStart(new Start.At(G, 10, 1), new LogEnd(100, 5, 1, 0, 2), 10, null);
    }

    private static void assertStart(Start start, LogEnd end, long offset, @Nullable ResetReason reset) {
        PageStart found = PageStart.of(start, LOG, end);

        assertThat(found.position().offset()).isEqualTo(offset);
        assertThat(found.reset()).isEqualTo(reset);
        assertThat(found.gap()).isNull();
    }
}
