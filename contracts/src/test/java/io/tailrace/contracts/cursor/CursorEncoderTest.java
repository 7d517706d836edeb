package io.tailrace.contracts.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Cursor.LaggingChannel;
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
        encoder.start(cursor.topics().size());
        for (TopicPosition topic : cursor.topics()) {
            encoder.topic(
                    topic.namespace(),
                    topic.generation().bits(),
                    topic.partitions().size());
            for (PartitionPosition partition : topic.partitions()) {
                encoder.partition(
                        partition.partition(),
                        partition.nextOffset(),
                        partition.lagging().size());
                partition.lagging().forEach(c -> encoder.lagging(c.channelHash(), c.nextOffset()));
            }
        }
        return encoder.finish();
    }

    private static Cursor randomCursor(Random random) {
        List<TopicPosition> topics = new ArrayList<>();
        for (int namespace : distinct(random, 1, 128, 4)) {
            List<PartitionPosition> partitions = new ArrayList<>();
            for (int partition : distinct(random, 0, 1000, 5)) {
                long nextOffset = 1 + (random.nextLong() >>> 1 + random.nextInt(62));
                List<LaggingChannel> lagging = new ArrayList<>();
                if (random.nextInt(3) == 0) {
                    for (int hash : distinct(random, Integer.MIN_VALUE, Integer.MAX_VALUE, 4)) {
                        lagging.add(new LaggingChannel(hash, random.nextLong(nextOffset)));
                    }
                }
                partitions.add(new PartitionPosition(partition, nextOffset, lagging));
            }
            topics.add(new TopicPosition(namespace, new Generation(random.nextInt(1 << 24)), partitions));
        }
        return new Cursor(topics);
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
