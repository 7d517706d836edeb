package io.tailrace.kit.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.health.HealthStatus;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class LoopHealthTest {
    private static final Condition RETRYING = new Condition.Retrying("away", Instant.EPOCH);

    @Test
    void isUpWhileAllLoopsRunOrHaveNothingToDo() {
        assertThat(status(new Condition.Running(), new Condition.Idle())).isEqualTo(HealthStatus.UP);
    }

    @Test
    void isDegradedWhileOneTriesAgain() {
        assertThat(status(new Condition.Running(), RETRYING, new Condition.Idle()))
                .isEqualTo(LoopHealth.DEGRADED);
    }

    @Test
    void isDownWhenOneHasEnded() {
        assertThat(status(RETRYING, new Condition.Stopped(), new Condition.Running()))
                .isEqualTo(HealthStatus.DOWN);
    }

    @Test
    void degradedIsWorseThanUpAndBetterThanDown() {
        assertThat(Stream.of(HealthStatus.DOWN, LoopHealth.DEGRADED, HealthStatus.UP)
                        .sorted())
                .containsExactly(HealthStatus.UP, LoopHealth.DEGRADED, HealthStatus.DOWN);
    }

    private static HealthStatus status(Condition... conditions) {
        List<Loop> loops = Stream.of(conditions).<Loop>map(Still::new).toList();
        return Mono.from(new LoopHealth("loops", loops).getResult()).block().getStatus();
    }

    private record Still(Condition condition) implements Loop {
        @Override
        public String name() {
            return "loop-" + condition;
        }

        @Override
        public void stop() {}

        @Override
        public void run() {}
    }
}
