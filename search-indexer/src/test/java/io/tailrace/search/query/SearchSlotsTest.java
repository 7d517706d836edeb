package io.tailrace.search.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.backends.Eventually;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class SearchSlotsTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Executor NEW_THREAD = Thread::startVirtualThread;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void a_search_that_finds_no_slot_waits_for_one() {
        SearchSlots slots = new SearchSlots(1, 1, LONG, registry);
        slots.acquire();
        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(slots::acquire, NEW_THREAD);
        Eventually.holds("one waits", () -> waiting() == 1);

        slots.release();

        assertThat(second.join()).isTrue();
        assertThat(waiting()).isZero();
        assertThat(refused()).isZero();
    }

    @Test
    void one_more_than_may_wait_is_refused_at_once() {
        SearchSlots slots = new SearchSlots(1, 1, LONG, registry);
        slots.acquire();
        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(slots::acquire, NEW_THREAD);
        Eventually.holds("one waits", () -> waiting() == 1);

        boolean third = slots.acquire();

        assertThat(third).isFalse();
        assertThat(refused()).isEqualTo(1);
        slots.release();
        assertThat(second.join()).isTrue();
    }

    @Test
    void a_wait_ends_after_its_time() {
        SearchSlots slots = new SearchSlots(1, 1, Duration.ofMillis(1), registry);
        slots.acquire();

        assertThat(slots.acquire()).isFalse();
        assertThat(refused()).isEqualTo(1);
        assertThat(waiting()).isZero();
    }

    @Test
    void a_slot_that_was_given_back_is_free_again() {
        SearchSlots slots = new SearchSlots(1, 0, LONG, registry);

        for (int i = 0; i < 3; i++) {
            assertThat(slots.acquire()).isTrue();
            assertThat(slots.acquire()).isFalse();
            slots.release();
        }
    }

    private double waiting() {
        return registry.get("tailrace.search.waiting").gauge().value();
    }

    private double refused() {
        return registry.get("tailrace.search.refused").counter().count();
    }
}
