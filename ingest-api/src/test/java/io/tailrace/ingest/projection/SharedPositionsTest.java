package io.tailrace.ingest.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link SharedPositions}. */
@Timeout(300)
class SharedPositionsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch isAsked = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    @Test
    void many_who_wait_are_one_question() throws Exception {
        SharedPositions positions = new SharedPositions(this::slowly, LONG);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<SharedPositions.Look>> looks = new ArrayList<>();
            looks.add(executor.submit(() -> positions.look("feed", "topic", LONG)));
            isAsked.await();
            for (int i = 0; i < 50; i++) {
                looks.add(executor.submit(() -> positions.look("feed", "topic", LONG)));
            }
            mayAnswer.countDown();

            for (Future<SharedPositions.Look> look : looks) {
                assertThat(look.get(1, TimeUnit.MINUTES).positions()).containsExactly(position(1));
            }
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void a_young_answer_is_used_again_and_another_projection_asked_for() {
        SharedPositions positions = new SharedPositions(this::atOnce, LONG);

        assertThat(positions.look("feed", "topic", LONG).positions()).containsExactly(position(1));
        assertThat(positions.look("feed", "topic", LONG).positions()).containsExactly(position(1));
        assertThat(positions.look("shows", "topic", LONG).positions()).containsExactly(position(2));
        assertThat(positions.look("feed", "other", LONG).positions()).containsExactly(position(3));
    }

    @Test
    void an_old_answer_is_not_used() {
        SharedPositions positions = new SharedPositions(this::atOnce, Duration.ZERO);

        assertThat(positions.look("feed", "topic", LONG).positions()).containsExactly(position(1));
        assertThat(positions.look("feed", "topic", LONG).positions()).containsExactly(position(2));
    }

    @Test
    void the_next_look_is_worth_it_an_interval_after_the_question() {
        SharedPositions positions = new SharedPositions(this::atOnce, LONG);

        long beforeNs = System.nanoTime();
        SharedPositions.Look first = positions.look("feed", "topic", LONG);
        SharedPositions.Look second = positions.look("feed", "topic", LONG);

        assertThat(first.nextNs() - beforeNs).isGreaterThanOrEqualTo(LONG.toNanos());
        assertThat(second.nextNs()).isEqualTo(first.nextNs());
    }

    @Test
    void a_failure_is_told_to_all_who_waited_and_forgotten() throws Exception {
        SharedPositions positions = new SharedPositions(
                (projection, topic) -> {
                    if (asked.get() == 0) {
                        slowly(projection, topic);
                        throw new IllegalArgumentException("away");
                    }
                    return atOnce(projection, topic);
                },
                Duration.ZERO);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<SharedPositions.Look> asker = executor.submit(() -> positions.look("feed", "topic", LONG));
            isAsked.await();
            // Without patience: it waits for the question of the other, which is still open.
            assertThat(positions.look("feed", "topic", Duration.ofNanos(1)).positions())
                    .isEmpty();
            mayAnswer.countDown();
            assertThatThrownBy(() -> asker.get(1, TimeUnit.MINUTES)).hasRootCauseMessage("away");
        }

        assertThat(positions.look("feed", "topic", LONG).positions()).containsExactly(position(2));
    }

    @Test
    void who_waits_gets_the_failure_itself() {
        SharedPositions positions = new SharedPositions(
                (projection, topic) -> {
                    throw new IllegalArgumentException("away");
                },
                LONG);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> positions.look("feed", "topic", LONG))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("away");
        }
    }

    private List<ProjectionPosition> atOnce(String projection, String topic) {
        return List.of(position(asked.incrementAndGet()));
    }

    private List<ProjectionPosition> slowly(String projection, String topic) {
        asked.incrementAndGet();
        isAsked.countDown();
        try {
            mayAnswer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of(position(1));
    }

    private static ProjectionPosition position(int nextOffset) {
        return new ProjectionPosition("feed", "topic", 0, nextOffset, "generation");
    }
}
