package io.tailrace.contracts.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Cursor.LaggingChannel;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;

class CursorSizeTest {
    @Property
    void oneChannelTakesAtMost24Characters(
            @ForAll @IntRange(min = 1, max = 127) int namespace,
            @ForAll @IntRange(max = Cursor.MAX_PARTITION_NUMBER) int partition,
            @ForAll @LongRange(min = 0) long nextOffset) {
        assertThat(CursorCodec.encode(Cursors.at(namespace, partition, nextOffset)))
                .hasSizeLessThanOrEqualTo(24);
    }

    @Property
    void threePartitionsOfOneTopicTakeAtMost24CharactersUpToTwoMillion(
            @ForAll @IntRange(min = 1, max = 63) int namespace,
            @ForAll @Size(3) @UniqueElements List<@IntRange(max = 31) Integer> partitions,
            @ForAll @Size(3) List<@LongRange(min = 0, max = 2_000_000) Long> offsets) {
        List<PartitionPosition> positions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            positions.add(new PartitionPosition(partitions.get(i), offsets.get(i)));
        }
        Cursor cursor = new Cursor(List.of(new TopicPosition(namespace, new Generation(0xffffff), positions)));

        assertThat(CursorCodec.encode(cursor)).hasSizeLessThanOrEqualTo(24);
    }

    @Test
    void aThousandChannelsThatAllLagTakeAbout10000Characters() {
        List<LaggingChannel> lagging = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            lagging.add(new LaggingChannel(i * 1_000_003, 1_000_000L + i));
        }
        Cursor cursor = new Cursor(List.of(
                new TopicPosition(1, new Generation(1), List.of(new PartitionPosition(0, 2_000_000, lagging)))));

        assertThat(CursorCodec.encode(cursor)).hasSizeBetween(9_000, 10_000);
    }

    @Test
    void theLargestCursorIsWithinWhatIsRead() {
        Cursor largest = largest();

        String text = CursorCodec.encode(largest);

        assertThat(text).hasSizeBetween(34_000, CursorCodec.MAX_TEXT_LENGTH);
        assertThat(Cursors.decoded(text)).isEqualTo(largest);
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
                partitions.add(new PartitionPosition(i * 113, Long.MAX_VALUE, List.of(new LaggingChannel(hash++, 0))));
            }
            positions.add(new TopicPosition(topic, new Generation(0xffffff), partitions));
        }
        return new Cursor(positions);
    }
}
