package io.tailrace.contracts.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tailrace.contracts.cursor.Cursor.LaggingChannel;
import io.tailrace.contracts.cursor.Cursor.Members;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CursorTest {
    private static final Generation GENERATION = new Generation(7);

    @Test
    void aCursorWithoutAPositionIsNone() {
        assertRefused(() -> new Cursor(List.of()));
        assertRefused(() -> new TopicPosition(1, GENERATION, List.of()));
    }

    @Test
    void nothingIsNamedTwice() {
        TopicPosition topic = new TopicPosition(1, GENERATION, List.of(new PartitionPosition(0, 5)));

        assertRefused(() -> new Cursor(List.of(topic, topic)));
        assertRefused(() ->
                new TopicPosition(1, GENERATION, List.of(new PartitionPosition(0, 5), new PartitionPosition(0, 6))));
        assertRefused(() -> position(5, List.of(new LaggingChannel(9, 1), new LaggingChannel(9, 2))));
    }

    @Test
    void aCursorOfPendingChannelsAloneIsOne() {
        Cursor cursor = new Cursor(List.of(), List.of(9, -9));

        assertThat(cursor.pending()).containsExactly(-9, 9);
        assertThat(cursor.isPending(9)).isTrue();
        assertThat(cursor.isPending(8)).isFalse();
        assertRefused(() -> new Cursor(List.of(), List.of(9, 9)));
    }

    @Test
    void aPositionKnowsWhichChannelsItWasMadeFor() {
        int behind = Cursor.channelHash("feed:2");
        PartitionPosition position = new PartitionPosition(
                0, 5, 3, Members.of("feed:1", "feed:2"), List.of(new LaggingChannel(behind, 1, 2)));

        assertThat(position.members()).isEqualTo(Members.of("feed:1"));
        assertThat(position.isMadeFor(Cursor.channelHash("feed:1"))).isTrue();
        assertThat(position.isMadeFor(behind)).isTrue();
        assertThat(position.isMadeFor(Cursor.channelHash("feed:3"))).isFalse();
        assertThat(position.of(Cursor.channelHash("feed:1")))
                .isEqualTo(new LaggingChannel(Cursor.channelHash("feed:1"), 5, 3));
        assertThat(position.of(behind)).isEqualTo(new LaggingChannel(behind, 1, 2));
        assertThat(new PartitionPosition(0, 5).isMadeFor(behind)).isTrue();
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertRefused(() -> new TopicPosition(0, GENERATION, List.of(new PartitionPosition(0, 5))));
        assertRefused(() -> new TopicPosition(128, GENERATION, List.of(new PartitionPosition(0, 5))));
        assertRefused(() -> new PartitionPosition(-1, 5));
        assertRefused(() -> new PartitionPosition(Cursor.MAX_PARTITION_NUMBER + 1, 5));
        assertRefused(() -> new PartitionPosition(0, -1));
        assertRefused(() -> new PartitionPosition(0, 5, -2, new Members.Unknown(), List.of()));
        assertRefused(() -> new LaggingChannel(9, 1, -2));
        assertRefused(() -> new Members.Known(List.of(1 << 24)));
        assertRefused(() -> new Members.Known(List.of(-1)));
        assertRefused(() -> new Generation(-1));
        assertRefused(() -> new Generation(1 << 24));
    }

    @Test
    void aLaggingChannelIsBehindItsPartition() {
        assertRefused(() -> position(5, List.of(new LaggingChannel(1, 5))));
        assertRefused(() -> position(5, List.of(new LaggingChannel(1, -1))));
    }

    @Test
    void noMorePartitionsAndLaggingChannelsThanThereMayBe() {
        List<PartitionPosition> partitions = new ArrayList<>();
        for (int i = 0; i <= Cursor.MAX_PARTITION_NUMBER; i++) {
            partitions.add(new PartitionPosition(i, 5));
        }
        TopicPosition full = new TopicPosition(1, GENERATION, partitions);
        TopicPosition oneMore = new TopicPosition(2, GENERATION, List.of(new PartitionPosition(0, 5)));
        List<LaggingChannel> lagging = new ArrayList<>();
        for (int i = 0; i <= Cursor.MAX_CHANNELS; i++) {
            lagging.add(new LaggingChannel(i, 1));
        }
        TopicPosition behind = new TopicPosition(3, GENERATION, List.of(position(5, lagging)));

        assertThat(new Cursor(List.of(full)).topics()).hasSize(1);
        assertRefused(() -> new Cursor(List.of(full, oneMore)));
        assertRefused(() -> new Cursor(List.of(behind)));
        assertRefused(() -> new Cursor(
                List.of(), lagging.stream().map(LaggingChannel::channelHash).toList()));
    }

    /** Published vectors of 32-bit FNV-1a. */
    @Test
    void theHashOfAChannelIsFnv1a() {
        assertThat(Cursor.channelHash("")).isEqualTo(0x811c9dc5);
        assertThat(Cursor.channelHash("a")).isEqualTo(0xe40c292c);
        assertThat(Cursor.channelHash("foobar")).isEqualTo(0xbf9cf968);
    }

    /** The check value of CRC-8/SMBUS. */
    @Test
    void theChecksumIsCrc8() {
        assertThat(Crc8.of("123456789".getBytes(StandardCharsets.US_ASCII), 9)).isEqualTo(0xf4);
    }

    @Test
    void aGenerationIsAFixedFunctionOfTheTopicId() {
        assertThat(Generation.of(UUID.fromString("00000000-0000-0000-0000-000000000000")))
                .isEqualTo(new Generation(0));
        assertThat(Generation.of(UUID.fromString("0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f1")))
                .isEqualTo(new Generation(3886111));
    }

    @Test
    void topicsThatAreMadeAgainHaveOtherGenerations() {
        List<Generation> generations = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            generations.add(Generation.of(new UUID(0x1234_5678_9abc_4defL, 0x8000_0000_0000_0000L + i)));
        }

        assertThat(generations).doesNotHaveDuplicates();
    }

    private static PartitionPosition position(long nextOffset, List<LaggingChannel> lagging) {
        return new PartitionPosition(0, nextOffset, Cursor.NO_EPOCH, new Members.Unknown(), lagging);
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageMatching("(?s).*\\S.*");
    }
}
