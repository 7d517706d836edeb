package io.tailrace.edge.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.edge.window.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChannelIndexTest {
    private final EventStream stream =
            new LoopBench().open(new RecordingSink(), LoopBench.wanted("n:x", LoopBench.P0, LoopBench.LIVE));
    private final Lane lane = new Lane(stream, new PartitionView(new PartitionId(1, 0)), LoopBench.LIVE);
    private final Lane other = new Lane(stream, new PartitionView(new PartitionId(1, 1)), LoopBench.LIVE);

    @Test
    void findsWhatIsInItWhateverWasAddedAndRemoved() {
        for (long seed = 1; seed <= 50; seed++) {
            // given
            Random random = new Random(seed);
            ChannelIndex index = new ChannelIndex(random.nextInt(20));
            Map<String, Subscription> expected = new TreeMap<>();

            // when
            for (int i = 0; i < 2_000; i++) {
                String name = "n:" + random.nextInt(300);
                Subscription known = expected.remove(name);
                if (known == null) {
                    Subscription added = new Subscription(name, random.nextBoolean() ? lane : other);
                    index.add(added);
                    expected.put(name, added);
                } else {
                    index.remove(known);
                }
            }

            // then
            for (int i = 0; i < 300; i++) {
                String name = "n:" + i;
                assertThat(index.find(Cursor.channelHash(name), name))
                        .as("seed %s", seed)
                        .isSameAs(expected.get(name));
            }
        }
    }

    @Test
    void tellsChannelsOfOneHashApartByNameAndByPartition() {
        List<Subscription> alike = new ArrayList<>();
        for (String name : LoopBench.SAME_HASH) {
            alike.add(new Subscription("n:" + name, alike.isEmpty() ? lane : other));
        }
        ChannelIndex index = new ChannelIndex(1);
        alike.forEach(index::add);

        int hash = alike.getFirst().channelHash();
        assertThat(alike.getLast().channelHash()).isEqualTo(hash);
        assertThat(index.find(hash, alike.getLast().channel)).isSameAs(alike.getLast());
        assertThat(index.findSame(hash, other.view)).isSameAs(alike.getLast());
        index.remove(alike.getFirst());
        assertThat(index.findSame(hash, lane.view)).isNull();
        assertThat(index.findSame(hash, other.view)).isSameAs(alike.getLast());
    }
}
