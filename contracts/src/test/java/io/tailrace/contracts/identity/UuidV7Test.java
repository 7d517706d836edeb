package io.tailrace.contracts.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class UuidV7Test {
    private static final long NOW_MS = 1_767_225_600_000L;

    @Test
    void itIsOfVersion7AndCarriesTheTime() {
        UuidV7 generator = new UuidV7(() -> Instant.ofEpochMilli(NOW_MS), new Random(1));

        UUID id = generator.next();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW_MS);
    }

    @Test
    void idsOfOneMillisecondIncreaseAlsoBeyondTheCounter() {
        UuidV7 generator = new UuidV7(() -> Instant.ofEpochMilli(NOW_MS), new Random(1));

        assertIncreasing(generator, 20_000);
    }

    @Property(tries = 200)
    void idsIncreaseHoweverTheClockSteps(
            @ForAll @Size(min = 1, max = 200) List<@IntRange(min = -10_000, max = 10_000) Integer> stepsMs,
            @ForAll long seed) {
        AtomicLong nowMs = new AtomicLong(NOW_MS);
        UuidV7 generator = new UuidV7(() -> Instant.ofEpochMilli(nowMs.get()), new Random(seed));

        List<UUID> ids = new ArrayList<>();
        for (int step : stepsMs) {
            ids.add(generator.next());
            nowMs.addAndGet(step);
        }

        assertThat(ids).isSortedAccordingTo(UUID::compareTo).doesNotHaveDuplicates();
        assertThat(ids).extracting(UUID::toString).isSorted();
        assertThat(ids).allMatch(id -> id.version() == 7 && id.variant() == 2);
    }

    @Test
    void idsOfSeveralThreadsDiffer() throws Exception {
        UuidV7 generator = new UuidV7(() -> Instant.ofEpochMilli(NOW_MS), new Random(1));
        Set<UUID> ids = ConcurrentHashMap.newKeySet();
        Callable<Boolean> take = () -> {
            boolean allNew = true;
            for (int i = 0; i < 5_000; i++) {
                allNew &= ids.add(generator.next());
            }
            return allNew;
        };

        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> result : threads.invokeAll(List.of(take, take, take, take))) {
                assertThat(result.get()).isTrue();
            }
        }

        assertThat(ids).hasSize(20_000);
    }

    private static void assertIncreasing(UuidV7 generator, int count) {
        UUID previous = generator.next();
        for (int i = 1; i < count; i++) {
            UUID next = generator.next();
            if (next.compareTo(previous) <= 0) {
                throw new AssertionError(next + " after " + previous);
            }
            previous = next;
        }
    }
}
