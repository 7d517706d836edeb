package io.tailrace.edge.replay.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.BatchBuilder;
import io.tailrace.edge.window.PartitionId;
import org.junit.jupiter.api.Test;

final class ChunkCacheTest {
    private static final PartitionId P = new PartitionId(1, 0);
    private static final Generation G = new Generation(7);

    private final Batch low = chunk(100, 200);
    private final Batch high = chunk(200, 300);
    private final ChunkCache cache = new ChunkCache(low.byteSize() + high.byteSize(), 1_000);

    @Test
    void a_chunk_is_found_by_every_offset_that_it_covers() {
        cache.put(low, 0, 0);

        assertThat(cache.find(range(99, G), 0, 0)).isNull();
        assertThat(cache.find(range(100, G), 0, 0)).isSameAs(low);
        assertThat(cache.find(range(199, G), 0, 0)).isSameAs(low);
        assertThat(cache.find(range(200, G), 0, 0)).isNull();
    }

    @Test
    void a_chunk_of_another_generation_is_not_found() {
        cache.put(low, 0, 0);

        assertThat(cache.find(range(150, new Generation(8)), 0, 0)).isNull();
    }

    @Test
    void a_chunk_of_another_log_is_not_found() {
        cache.put(low, 1, 0);

        assertThat(cache.find(range(150, G), 2, 0)).isNull();
        assertThat(cache.find(range(150, G), 1, 0)).isSameAs(low);
    }

    @Test
    void what_was_not_used_for_the_longest_time_goes_when_there_is_too_much() {
        cache.put(low, 0, 0);
        cache.put(high, 0, 1);
        cache.find(range(100, G), 0, 2);

        cache.put(chunk(300, 400), 0, 3);

        assertThat(cache.find(range(100, G), 0, 3)).isSameAs(low);
        assertThat(cache.find(range(200, G), 0, 3)).isNull();
        assertThat(cache.find(range(300, G), 0, 3)).isNotNull();
        assertThat(cache.byteSize()).isEqualTo(low.byteSize() + high.byteSize());
    }

    @Test
    void a_chunk_that_is_wanted_all_the_time_is_read_anew_after_a_while() {
        cache.put(low, 0, 0);
        for (int nowMs = 0; nowMs < 10_000; nowMs += 500) {
            assertThat(cache.find(range(100, G), 0, nowMs)).isSameAs(low);
        }

        assertThat(cache.find(range(100, G), 0, 10_000)).isNull();
    }

    @Test
    void what_nobody_wants_for_a_while_goes() {
        cache.put(low, 0, 0);
        cache.put(high, 0, 500);

        cache.expire(1_000);

        assertThat(cache.find(range(100, G), 0, 1_000)).isNull();
        assertThat(cache.find(range(200, G), 0, 1_000)).isSameAs(high);
        assertThat(cache.byteSize()).isEqualTo(high.byteSize());
    }

    @Test
    void a_cache_without_room_keeps_nothing() {
        ChunkCache none = new ChunkCache(0, 1_000);

        none.put(low, 0, 0);

        assertThat(none.find(range(100, G), 0, 0)).isNull();
        assertThat(none.byteSize()).isZero();
    }

    private static ReplayRange range(long fromOffset, Generation generation) {
        return new ReplayRange(P, generation, fromOffset, 1);
    }

    private static Batch chunk(long fromOffset, long toOffset) {
        return new BatchBuilder(P, G, fromOffset)
                .add(fromOffset, "one:1", "tick", "id", "time", new byte[] {'1'})
                .build(toOffset);
    }
}
