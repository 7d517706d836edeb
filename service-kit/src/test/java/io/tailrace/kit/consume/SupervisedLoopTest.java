package io.tailrace.kit.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SupervisedLoopTest {
    private final List<Condition> seen = new ArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger();

    static List<Throwable> faults() {
        return List.of(
                new KafkaException(
                        "Failed to construct kafka consumer", new ConfigException("No resolvable bootstrap urls")),
                new IllegalStateException("a fault of ours"),
                new IOException("a server is away"),
                new InterruptedException("somebody interrupts"),
                new StackOverflowError(),
                new NoClassDefFoundError("a class is missing"),
                new OutOfMemoryError("Cannot reserve 16777216 bytes of direct buffer memory"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whateverIsThrownIsFollowedByAnotherAttempt(Throwable fault) {
        SupervisedLoop loop = loop(self -> {
            seen.add(self.condition());
            if (attempts.incrementAndGet() < 3) {
                throwAny(fault);
            }
            self.succeeded();
            seen.add(self.condition());
            self.stop();
        });

        loop.run();

        assertThat(seen)
                .hasExactlyElementsOfTypes(
                        Condition.Running.class,
                        Condition.Retrying.class,
                        Condition.Retrying.class,
                        Condition.Running.class);
        assertThat(loop.failures()).isEqualTo(2);
    }

    @Test
    void aFailingCloseIsFollowedByAnotherAttempt() {
        SupervisedLoop loop = loop(self -> {
            AutoCloseable broken = () -> {
                throw new KafkaException("close");
            };
            try (broken) {
                if (attempts.incrementAndGet() == 2) {
                    self.stop();
                }
            }
        });

        loop.run();

        assertThat(attempts).hasValue(2);
        assertThat(loop.failures()).isOne();
    }

    @Test
    void aBodyThatReturnsTooEarlyIsBegunAgain() {
        SupervisedLoop loop = loop(self -> {
            if (attempts.incrementAndGet() == 3) {
                self.stop();
            }
        });

        loop.run();

        assertThat(attempts).hasValue(3);
        assertThat(loop.failures()).isZero();
    }

    @Test
    void anInterruptThatWasMeantForSomebodyElseEndsNothing() {
        SupervisedLoop loop = loop(self -> {
            if (attempts.incrementAndGet() == 1) {
                Thread.currentThread().interrupt();
                throw new org.apache.kafka.common.errors.InterruptException("poll");
            }
            seen.add(Thread.currentThread().isInterrupted() ? new Condition.Stopped() : new Condition.Running());
            self.stop();
        });

        loop.run();

        assertThat(seen).containsExactly(new Condition.Running());
    }

    @Test
    void theNumbersSayThatItFailsAndThatItHasEnded() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        List<Double> failing = new ArrayList<>();
        SupervisedLoop loop = loop(self -> {
            failing.add(registry.get("tailrace.loop.failing")
                    .tag("loop", "test")
                    .gauge()
                    .value());
            if (attempts.incrementAndGet() == 1) {
                throw new IllegalStateException("once");
            }
            self.succeeded();
            failing.add(registry.get("tailrace.loop.failing")
                    .tag("loop", "test")
                    .gauge()
                    .value());
            self.stop();
        });
        loop.bindTo(registry);

        loop.run();

        assertThat(failing).containsExactly(0.0, 1.0, 0.0);
        assertThat(registry.get("tailrace.loop.failures").functionCounter().count())
                .isEqualTo(1);
    }

    @Test
    void theReasonIsToldWithItsCause() {
        SupervisedLoop loop = loop(self -> {
            if (attempts.incrementAndGet() == 1) {
                throw new KafkaException(
                        "Failed to construct kafka consumer", new ConfigException("No resolvable urls"));
            }
            seen.add(self.condition());
            self.stop();
        });

        loop.run();

        assertThat(seen).singleElement().asString().contains("Failed to construct", "No resolvable urls");
    }

    @Test
    void anOutageIsALineOfLogInAMinuteWithTheTimeOfItsBeginning() {
        Outage outage = new Outage();
        Instant began = Instant.parse("2026-11-28T12:00:00Z");
        int lines = 0;
        for (int second = 0; second < 600; second++) {
            lines += outage.failed("away", began.plusSeconds(second), second * 1000L) ? 1 : 0;
        }

        assertThat(lines).isEqualTo(10);
        assertThat(outage.over()).isEqualTo(new Outage.Over(began, true));
        assertThat(outage.over()).isNull();
        assertThat(outage.failed("away", began, 600_001)).isTrue();
    }

    @Test
    void whatFailsAndWorksInTurnsIsALineOfLogInAMinuteToo() {
        Outage outage = new Outage();
        Instant began = Instant.parse("2026-11-28T12:00:00Z");
        int lines = 0;
        int ends = 0;
        for (int second = 0; second < 600; second++) {
            lines += outage.failed("away", began.plusSeconds(second), second * 1000L) ? 1 : 0;
            Outage.Over over = outage.over();
            assertThat(over).extracting(Outage.Over::since).isEqualTo(began.plusSeconds(second));
            ends += over != null && over.told() ? 1 : 0;
        }

        assertThat(lines).isEqualTo(10);
        assertThat(ends).isEqualTo(10);
    }

    @Test
    void oneWhoseWorkIsDoneHasEndedWell() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        SupervisedLoop loop = loop(self -> {
            if (attempts.incrementAndGet() == 1) {
                throw new StackOverflowError();
            }
            self.done();
        });
        loop.bindTo(registry);

        loop.run();

        assertThat(attempts).hasValue(2);
        assertThat(loop.condition()).isEqualTo(new Condition.Idle());
        assertThat(registry.get("tailrace.loop.failing").gauge().value()).isZero();
    }

    private static SupervisedLoop loop(SupervisedLoop.Body body) {
        return new SupervisedLoop("test", new Backoff(Duration.ofMillis(1), Duration.ofMillis(2), new Random(1)), body);
    }

    private static void throwAny(Throwable fault) throws Exception {
        if (fault instanceof Error error) {
            throw error;
        }
        throw (Exception) fault;
    }
}
