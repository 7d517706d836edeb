package io.tailrace.contracts.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Cursor.LaggingChannel;
import io.tailrace.contracts.cursor.Cursor.Members;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CursorEncoderTest {
    private final CursorEncoder encoder = new CursorEncoder();

    @Property(tries = 500)
    void itsTextIsThatOfTheCodec(@ForAll long seed) {
        Cursor cursor = randomCursor(new Random(seed));

        int length = write(cursor);

        assertThat(new String(encoder.text(), 0, length, StandardCharsets.US_ASCII))
                .isEqualTo(CursorCodec.encode(cursor));
    }

    private int write(Cursor cursor) {
        encoder.start(cursor.topics().size(), cursor.pending().size());
        cursor.pending().forEach(encoder::pending);
        for (TopicPosition topic : cursor.topics()) {
            encoder.topic(
                    topic.namespace(),
                    topic.generation().bits(),
                    topic.partitions().size());
            for (PartitionPosition partition : topic.partitions()) {
                int members =
                        switch (partition.members()) {
                            case Members.Unknown() -> CursorEncoder.UNKNOWN_MEMBERS;
                            case Members.Known(List<Integer> hashes) -> hashes.size();
                        };
                encoder.partition(
                        partition.partition(),
                        partition.nextOffset(),
                        partition.leaderEpoch(),
                        members,
                        partition.lagging().size());
                if (partition.members() instanceof Members.Known(List<Integer> hashes)) {
                    hashes.forEach(encoder::member);
                }
                partition.lagging().forEach(c -> encoder.lagging(c.channelHash(), c.nextOffset(), c.leaderEpoch()));
            }
        }
        return encoder.finish();
    }

    @Test
    void membersThatWereEncodedBeforeAreCopied() {
        encoder.start(1);
        encoder.topic(3, 0xabcdef, 1);
        encoder.partition(5, 42, 7, 2, 0);
        encoder.members(new byte[] {0, 0, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff});
        int length = encoder.finish();

        PartitionPosition position =
                new PartitionPosition(5, 42, 7, new Members.Known(List.of(1, 0xffffff)), List.of());
        assertThat(new String(encoder.text(), 0, length, StandardCharsets.US_ASCII))
                .isEqualTo(CursorCodec.encode(
                        new Cursor(List.of(new TopicPosition(3, new Generation(0xabcdef), List.of(position))))));
    }

    private static Cursor randomCursor(Random random) {
        Set<Integer> pending =
                random.nextInt(3) > 0 ? Set.of() : distinct(random, Integer.MIN_VALUE, Integer.MAX_VALUE, 4);
        List<TopicPosition> topics = new ArrayList<>();
        if (pending.isEmpty() || random.nextBoolean()) {
            for (int namespace : distinct(random, 1, 128, 4)) {
                topics.add(new TopicPosition(
                        namespace, new Generation(random.nextInt(1 << 24)), randomPartitions(random)));
            }
        }
        return new Cursor(topics, List.copyOf(pending));
    }

    private static List<PartitionPosition> randomPartitions(Random random) {
        List<PartitionPosition> partitions = new ArrayList<>();
        for (int partition : distinct(random, 0, 1000, 5)) {
            long nextOffset = 1 + (random.nextLong() >>> 1 + random.nextInt(62));
            List<LaggingChannel> lagging = new ArrayList<>();
            if (random.nextInt(3) == 0) {
                for (int hash : distinct(random, Integer.MIN_VALUE, Integer.MAX_VALUE, 4)) {
                    lagging.add(new LaggingChannel(hash, random.nextLong(nextOffset), random.nextInt(4) - 1));
                }
            }
            Members members = random.nextInt(3) == 0
                    ? new Members.Unknown()
                    : new Members.Known(List.copyOf(distinct(random, 0, 1 << 24, 40)));
            int epoch = random.nextBoolean() ? Cursor.NO_EPOCH : random.nextInt() >>> 1 + random.nextInt(30);
            partitions.add(new PartitionPosition(partition, nextOffset, epoch, members, lagging));
        }
        return partitions;
    }

    private static Set<Integer> distinct(Random random, int from, int to, int max) {
        Set<Integer> numbers = new TreeSet<>();
        int count = 1 + random.nextInt(max);
        while (numbers.size() < count) {
            numbers.add(random.nextInt(from, to));
        }
        return numbers;
    }
}
