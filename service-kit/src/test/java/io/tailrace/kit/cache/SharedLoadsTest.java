package io.tailrace.kit.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SharedLoadsTest {
    private static final String KEY = "a";
    private static final int CROWD = 20;

    /** Longer than any test. */
    private static final long PATIENCE_MS = 3_600_000;

    private final SharedLoads<String> loads = new SharedLoads<>(PATIENCE_MS);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicInteger began = new AtomicInteger();

    @Test
    void a_crowd_that_asks_at_the_same_time_loads_once() throws Exception {
        List<Asking> crowd = crowd(() -> held(Optional.of("value")));
        crowd.forEach(Asking::awaitWaiting);

        goOn.countDown();

        for (Asking one : crowd) {
            assertThat(one.result()).contains("value");
        }
        assertThat(began).hasValue(1);
    }

    @Test
    void each_loads_alone_where_the_load_that_they_waited_for_found_nothing() throws Exception {
        List<Asking> crowd = crowd(() -> held(Optional.empty()));
        crowd.forEach(Asking::awaitWaiting);

        goOn.countDown();

        for (Asking one : crowd) {
            assertThat(one.result()).isEmpty();
        }
        assertThat(began).hasValue(CROWD);
    }

    @Test
    void who_waited_for_a_load_that_failed_loads_alone() throws Exception {
        Asking first = new Asking(() -> {
            Optional<String> unused = held(Optional.of("value"));
            throw new IllegalStateException("the source is away");
        });
        first.awaitWaiting();
        Asking second = new Asking(() -> Optional.of("own"));
        second.awaitWaiting();

        goOn.countDown();

        assertThat(second.result()).contains("own");
        assertThat(first.failure()).hasMessage("the source is away");
    }

    @Test
    void what_another_has_loaded_is_not_used_by_whom_it_is_too_old_for() throws Exception {
        Asking first = new Asking(() -> held(Optional.of("old")));
        first.awaitWaiting();
        Asking second = new Asking(value -> !value.equals("old"), () -> Optional.of("new"));
        second.awaitWaiting();

        goOn.countDown();

        assertThat(first.result()).contains("old");
        assertThat(second.result()).contains("new");
    }

    @Test
    void who_has_waited_long_enough_for_the_load_of_another_loads_alone() throws Exception {
        SharedLoads<String> impatient = new SharedLoads<>(1);
        CompletableFuture<Optional<String>> first = new CompletableFuture<>();
        Thread slow = Thread.ofVirtual()
                .start(() -> first.complete(impatient.get(KEY, value -> true, () -> held(Optional.of("late")))));
        Eventually.holds("the first loads", () -> began.get() == 1);

        assertThat(impatient.get(KEY, value -> true, () -> Optional.of("own"))).contains("own");

        goOn.countDown();
        assertThat(Eventually.result("the first has loaded", first)).contains("late");
        Eventually.ends("the first", slow);
    }

    @Test
    void another_key_is_not_waited_for() throws Exception {
        Asking first = new Asking(() -> held(Optional.of("value")));
        first.awaitWaiting();

        assertThat(loads.get("b", value -> true, () -> Optional.of("other"))).contains("other");

        goOn.countDown();
        assertThat(first.result()).contains("value");
    }

    @Test
    void who_comes_after_a_load_has_ended_loads_again() {
        assertThat(loads.get(KEY, value -> true, () -> Optional.of("first"))).contains("first");
        assertThat(loads.get(KEY, value -> true, () -> Optional.of("second"))).contains("second");
    }

    private List<Asking> crowd(Supplier<Optional<String>> source) {
        List<Asking> crowd = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            crowd.add(new Asking(source));
        }
        return crowd;
    }

    /** Gives a value when the test says so. */
    private Optional<String> held(Optional<String> value) {
        began.incrementAndGet();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return value;
    }

    /** Somebody who asks for the key on a thread of their own. */
    private final class Asking {
        private final FutureTask<Optional<String>> task;
        private final Thread thread;

        Asking(Supplier<Optional<String>> source) {
            this(value -> true, source);
        }

        Asking(Predicate<String> usable, Supplier<Optional<String>> source) {
            task = new FutureTask<>(() -> loads.get(KEY, usable, source));
            thread = Thread.ofPlatform().daemon().start(task);
        }

        /** Returns when the thread waits, for the test or for another. */
        void awaitWaiting() {
            Eventually.holds(
                    "it waits",
                    () -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        }

        Optional<String> result() throws Exception {
            return Eventually.result("it has an answer", task);
        }

        Throwable failure() throws InterruptedException {
            try {
                var unused = Eventually.result("it has an answer", task);
                throw new AssertionError("it did not fail");
            } catch (ExecutionException e) {
                return Objects.requireNonNull(e.getCause());
            }
        }
    }
}
