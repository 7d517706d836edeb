package io.tailrace.standalone.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.data.RunState.PartStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    /** When the clock of the machine was set back by a day, from the view of whoever has written the state. */
    private static final long SET_BACK_MS = -86_400_000;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long nowMs = 5_000;

    @Test
    void howLongAPartTookDoesNotDependOnTheTimeOfDay() {
        try (ProgressDisplay display =
                new ProgressDisplay(new PrintStream(out, true, StandardCharsets.UTF_8), false, () -> nowMs)) {
            // given
            display.show(state("starting", 5_000));
            nowMs += 2_500;

            // when
            display.show(state("ready", SET_BACK_MS));

            // then
            assertThat(out.toString(StandardCharsets.UTF_8).lines())
                    .containsExactly("  … kafka            starting   0.0 s", "  ✓ kafka            ready      2.5 s");
            assertThat(display.elapsedSeconds()).isEqualTo(2.5);
        }
    }

    private static RunState state(String state, long sinceMs) {
        return new RunState(
                RunState.STARTING,
                "http://localhost:8080",
                1,
                0,
                List.of(new PartStatus("kafka", state, 0, 0, 0, 0, sinceMs, "", "")));
    }
}
