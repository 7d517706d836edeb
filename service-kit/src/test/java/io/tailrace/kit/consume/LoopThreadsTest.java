package io.tailrace.kit.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(300)
class LoopThreadsTest {
    private static final Duration WAIT = Duration.ofMillis(1);

    private final Semaphore attempts = new Semaphore(0);
    private final CompletableFuture<Throwable> fault = new CompletableFuture<>();
    private final CompletableFuture<String> began = new CompletableFuture<>();
    private final SupervisedLoop loop = new SupervisedLoop("copy", new Backoff(WAIT, WAIT, new Random(1)), self -> {
        self.succeeded();
        began.complete(Thread.currentThread().getName());
        self.pause(60_000);
    });
    private volatile boolean prepared;

    static List<Throwable> faults() {
        return List.of(
                new KafkaException("No resolvable bootstrap urls given in bootstrap.servers"),
                new NoClassDefFoundError("a class is missing"),
                new OutOfMemoryError("unable to create native thread"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void theLoopsBeginWhenWhatTheyNeedIsThereAtLastAndHealthSaysWhatIsNotMeanwhile(Throwable thrown) throws Exception {
        fault.complete(thrown);
        try (LoopThreads threads = threads()) {
            threads.start();
            attempts.acquire(3);

            assertThat(starting(threads))
                    .isInstanceOfSatisfying(Condition.Retrying.class, retrying -> assertThat(retrying.reason())
                            .contains(thrown.getMessage()));
            assertThat(began).isNotDone();

            prepared = true;
            assertThat(began.get(20, TimeUnit.SECONDS)).isEqualTo("test-copy");
            Eventually.holds("it is idle", () -> starting(threads) instanceof Condition.Idle);
        }
        assertThat(loop.condition()).isEqualTo(new Condition.Stopped());
    }

    @Test
    void stoppingWhileTheyWaitToBeginEndsTheWaiting() throws Exception {
        fault.complete(new KafkaException("away"));
        LoopThreads threads = threads();
        threads.start();
        attempts.acquire(2);

        threads.close();

        assertThat(starting(threads)).isEqualTo(new Condition.Stopped());
        assertThat(began).isNotDone();
    }

    private LoopThreads threads() {
        return new LoopThreads("test", List.of(loop), this::prepare, WAIT, Duration.ofSeconds(20));
    }

    private void prepare() {
        attempts.release();
        if (!prepared) {
            Throwable thrown = fault.join();
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        }
    }

    private static Condition starting(LoopThreads threads) {
        return threads.loops().stream()
                .filter(each -> each.name().equals("test-start"))
                .findFirst()
                .orElseThrow()
                .condition();
    }
}
