package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.dispatcher.testing.StoreInMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.Test;

/** What a decision writes is there for it at once, and in the store whole or not at all. */
class PendingStoreTest {
    private static final List<Bytes> INDEXES = List.of(bytes('a', 1), bytes('a', 2), bytes('b', 0));
    private static final byte[] VALUE = {7};

    private StoreInMemory store = new StoreInMemory();
    private PendingStore pending = new PendingStore(store.store());

    private static Bytes bytes(int... bytes) {
        byte[] key = new byte[bytes.length];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) bytes[i];
        }
        return Bytes.wrap(key);
    }

    private static Bytes entry(Bytes index, int number) {
        return bytes(index.get()[0], index.get()[1], number >> 8, number);
    }

    /** Entries that come and go, decisions that are kept or taken back, restarts; the first entry is always that of a plain map. */
    @Property(tries = 200)
    void the_first_entry_of_an_index_is_the_first_whatever_happened_before(@ForAll long seed) {
        Random random = new Random(seed);
        store = new StoreInMemory();
        pending = new PendingStore(store.store());
        TreeMap<Bytes, byte[]> kept = new TreeMap<>();
        TreeMap<Bytes, byte[]> now = new TreeMap<>();
        for (int step = 0; step < 2_000; step++) {
            Bytes index = INDEXES.get(random.nextInt(INDEXES.size()));
            switch (random.nextInt(12)) {
                case 0 -> {
                    pending.keep();
                    kept = new TreeMap<>(now);
                }
                case 1 -> {
                    pending.discard();
                    now = new TreeMap<>(kept);
                }
                case 2 -> {
                    if (random.nextInt(20) == 0) {
                        // Another task goes on with what was kept.
                        store = store.restored(store.changes());
                        pending = new PendingStore(store.store());
                        now = new TreeMap<>(kept);
                    }
                }
                case 3, 4 -> {
                    Map.Entry<Bytes, byte[]> first = now.ceilingEntry(index);
                    if (first != null && first.getKey().compareTo(Bytes.increment(index)) < 0) {
                        pending.put(index, first.getKey(), null);
                        now.remove(first.getKey());
                    }
                }
                default -> {
                    Bytes key = entry(index, random.nextInt(2_000));
                    if (now.containsKey(key)) {
                        pending.put(index, key, null);
                        now.remove(key);
                    } else {
                        pending.put(index, key, VALUE);
                        now.put(key, VALUE);
                    }
                }
            }
            Bytes end = Bytes.increment(index);
            Map.Entry<Bytes, byte[]> first = now.ceilingEntry(index);
            KeyValue<Bytes, byte[]> found = pending.first(index);
            if (first == null || first.getKey().compareTo(end) >= 0) {
                assertThat(found).isNull();
            } else {
                assertThat(Objects.requireNonNull(found).key).isEqualTo(first.getKey());
            }
            assertThat(pending.first(index, index, end, 3).stream()
                            .map(entry -> entry.key)
                            .toList())
                    .isEqualTo(now.subMap(index, true, end, false).keySet().stream()
                            .limit(3)
                            .toList());
        }
        pending.keep();
        assertThat(store.entries().keySet()).isEqualTo(now.keySet());
    }

    @Test
    void an_entry_of_an_index_that_comes_and_goes_within_a_decision_is_not_written() {
        Bytes index = INDEXES.getFirst();

        pending.put(index, entry(index, 1), VALUE);
        pending.put(index, entry(index, 1), null);
        pending.keep();

        assertThat(store.changes()).isZero();
    }

    @Test
    void one_that_was_there_before_and_comes_and_goes_is_deleted() {
        Bytes index = INDEXES.getFirst();
        pending.put(index, entry(index, 1), VALUE);
        pending.keep();

        pending.put(index, entry(index, 1), null);
        pending.put(index, entry(index, 1), VALUE);
        pending.put(index, entry(index, 1), null);
        pending.keep();

        assertThat(store.entries()).isEmpty();
    }

    @Test
    void the_first_entry_costs_no_iterator_each_time() {
        Bytes index = INDEXES.getFirst();
        List<Bytes> keys = new ArrayList<>();
        for (int i = 0; i < 10 * IndexFront.STRETCH; i++) {
            keys.add(entry(index, i));
            pending.put(index, keys.getLast(), VALUE);
        }
        pending.keep();
        pending = new PendingStore(store.store());
        int before = store.reads();

        for (Bytes key : keys) {
            assertThat(pending.first(index)).isNotNull();
            pending.put(index, key, null);
            pending.keep();
        }

        assertThat(store.reads() - before).isLessThanOrEqualTo(keys.size() + 10);
    }
}
