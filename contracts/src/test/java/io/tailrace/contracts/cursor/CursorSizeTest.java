package io.tailrace.contracts.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Cursor.LaggingChannel;
import io.tailrace.contracts.cursor.Cursor.Members;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;

class CursorSizeTest {
    @Property
    void oneChannelTakesAtMost32Characters(
            @ForAll @IntRange(min = 1, max = 127) int namespace,
            @ForAll @IntRange(max = Cursor.MAX_PARTITION_NUMBER) int partition,
            @ForAll @LongRange(min = 0) long nextOffset,
            @ForAll @IntRange(max = 16_383) int epoch) {
        assertThat(CursorCodec.encode(
                        Cursors.at(namespace, position(partition, nextOffset, epoch, Members.of("feed:42")))))
                .hasSizeLessThanOrEqualTo(32);
    }

    @Property
    void oneChannelUsuallyTakes20Characters(
            @ForAll @IntRange(min = 1, max = 63) int namespace,
            @ForAll @IntRange(max = 63) int partition,
            @ForAll @LongRange(min = 1 << 14, max = (1 << 21) - 1) long nextOffset,
            @ForAll @IntRange(max = 127) int epoch) {
        assertThat(CursorCodec.encode(
                        Cursors.at(namespace, position(partition, nextOffset, epoch, Members.of("feed:42")))))
                .hasSize(20);
    }

    @Property
    void threePartitionsOfOneTopicTakeAtMost44CharactersUpToTwoMillion(
            @ForAll @IntRange(min = 1, max = 63) int namespace,
            @ForAll @Size(3) @UniqueElements List<@IntRange(max = 63) Integer> partitions,
            @ForAll @Size(3) List<@LongRange(min = 0, max = 2_000_000) Long> offsets) {
        List<PartitionPosition> positions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            positions.add(position(partitions.get(i), offsets.get(i), 5, Members.of("feed:" + i)));
        }
        Cursor cursor = new Cursor(List.of(new TopicPosition(namespace, new Generation(0xffffff), positions)));

        assertThat(CursorCodec.encode(cursor)).hasSizeLessThanOrEqualTo(44);
    }

    @Test
    void aThousandChannelsInOnePartitionTakeAbout4000Characters() {
        Members members = new Members.Known(
                IntStream.range(0, 1000).mapToObj(i -> i * 16_000).toList());

        assertThat(CursorCodec.encode(Cursors.at(1, position(0, 2_000_000, 5, members))))
                .hasSizeBetween(4_000, 4_100);
    }

    @Test
    void aThousandChannelsThatAllLagTakeAbout11000Characters() {
        List<LaggingChannel> lagging = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            lagging.add(new LaggingChannel(i * 1_000_003, 1_000_000L + i, 5));
        }
        PartitionPosition position = new PartitionPosition(0, 2_000_000, 5, new Members.Known(List.of()), lagging);

        assertThat(CursorCodec.encode(Cursors.at(1, position))).hasSizeBetween(10_000, 11_100);
    }

    @Test
    void theLargestCursorIsWithinWhatIsRead() {
        Cursor largest = largest();

        String text = CursorCodec.encode(largest);

        assertThat(text).hasSizeBetween(49_000, CursorCodec.MAX_TEXT_LENGTH);
        assertThat(Cursors.decoded(text)).isEqualTo(largest);
    }

    private static PartitionPosition position(int partition, long nextOffset, int epoch, Members members) {
        return new PartitionPosition(partition, nextOffset, epoch, members, List.of());
    }

    /** As many topics, partitions and lagging channels as there may be, and all numbers as long as they can be. */
    private static Cursor largest() {
        int topics = 127;
        List<TopicPosition> positions = new ArrayList<>();
        int partitionsLeft = Cursor.MAX_PARTITIONS;
        int hash = Integer.MIN_VALUE;
        for (int topic = 1; topic <= topics; topic++) {
            int count = partitionsLeft / (topics - topic + 1);
            partitionsLeft -= count;
            List<PartitionPosition> partitions = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                // Far apart, so that the steps are long, and each with a channel at the beginning of the log.
                partitions.add(new PartitionPosition(
                        i * 113,
                        Long.MAX_VALUE,
                        Integer.MAX_VALUE,
                        new Members.Known(List.of()),
                        List.of(new LaggingChannel(hash++, 0, Integer.MAX_VALUE))));
            }
            positions.add(new TopicPosition(topic, new Generation(0xffffff), partitions));
        }
        return new Cursor(positions);
    }
}
