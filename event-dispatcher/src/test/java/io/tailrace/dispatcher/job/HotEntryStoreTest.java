package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.dispatcher.testing.StoreInMemory;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

/** The few entries that each decision changes are written once for a transaction, and nothing of one that is aborted stays. */
class HotEntryStoreTest {
    private static final Bytes QUEUE = JobKeys.queue("default");
    private static final Bytes OTHER = JobKeys.job(Effects.id(1));

    private final StoreInMemory below = new StoreInMemory();
    private final HotEntryStore store = new HotEntryStore(below.store(), JobKeys::isHot);

    @Test
    void a_hot_entry_is_written_once_before_the_commit_and_read_at_once() {
        store.put(QUEUE, new byte[] {1});
        store.put(QUEUE, new byte[] {2});
        store.put(JobKeys.clock(), new byte[] {3});

        assertThat(store.get(QUEUE)).containsExactly(2);
        assertThat(below.changes()).isZero();

        store.flushCache();
        store.flushCache();

        assertThat(below.changes()).isEqualTo(2);
        assertThat(below.entries().get(QUEUE)).containsExactly(2);
        assertThat(store.get(QUEUE)).containsExactly(2);
    }

    @Test
    void other_entries_are_written_at_once() {
        store.put(OTHER, new byte[] {1});

        assertThat(below.entries()).containsOnlyKeys(OTHER);
    }

    @Test
    void a_hot_entry_that_is_deleted_is_gone_before_and_after_the_commit() {
        store.put(QUEUE, new byte[] {1});
        store.flushCache();

        assertThat(store.delete(QUEUE)).containsExactly(1);
        assertThat(store.get(QUEUE)).isNull();
        store.flushCache();

        assertThat(below.entries()).isEmpty();
    }

    @Test
    void what_is_not_committed_is_forgotten_with_the_task() {
        store.put(QUEUE, new byte[] {1});

        store.clearCache();
        store.flushCache();

        assertThat(store.get(QUEUE)).isNull();
        assertThat(below.changes()).isZero();
    }
}
