package io.tailrace.edge.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.cursor.Generation;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PartitionWindowTest {
    private static final PartitionId PARTITION = new PartitionId(1, 0);

    @Property(tries = 200)
    void itKeepsTheNewestWithinItsBoundAndFindsEveryOffsetOfThem(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = 9) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 3000) int maxBytes) {
        PartitionWindow window = new PartitionWindow(100, maxBytes);
        for (int length : lengths) {
            window.append(batch(window.head(), window.head() + length));
        }

        List<Batch> kept = window.batches();

        assertThat(window.byteSize())
                .isEqualTo(kept.stream().mapToLong(Batch::byteSize).sum());
        assertThat(kept.size() == 1 || window.byteSize() <= maxBytes).isTrue();
        assertThat(window.start()).isEqualTo(kept.getFirst().fromOffset());
        assertThat(window.head()).isEqualTo(kept.getLast().toOffset());
        for (long offset = window.start(); offset < window.head(); offset++) {
            Batch found = Objects.requireNonNull(window.find(offset));
            assertThat(offset).isBetween(found.fromOffset(), found.toOffset() - 1);
        }
        assertThat(window.find(window.start() - 1)).isNull();
        assertThat(window.find(window.head())).isNull();
    }

    @Test
    void aBatchThatOverlapsIsTakenAndOneThatLeavesAHoleIsNot() {
        PartitionWindow window = new PartitionWindow(10, 1000);
        window.append(batch(10, 20));

        window.append(batch(15, 25));

        assertThat(window.head()).isEqualTo(25);
        assertThatThrownBy(() -> window.append(batch(26, 30))).hasMessageContaining("covers offset 25");
        assertThatThrownBy(() -> window.append(batch(20, 25))).hasMessageContaining("covers offset 25");
    }

    private static Batch batch(long from, long to) {
        return new BatchBuilder(PARTITION, new Generation(1), from)
                .add(from, "c", "t", "i", "now", null)
                .build(to);
    }
}
