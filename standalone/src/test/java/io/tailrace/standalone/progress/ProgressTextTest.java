package io.tailrace.standalone.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.data.RunState.PartStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTextTest {
    private static final RunState STATE = new RunState(
            RunState.STARTING,
            "http://localhost:8080",
            1,
            0,
            List.of(
                    part("kafka", "starting", "formatting the log"),
                    part("redis", "ready", ""),
                    part("topics", "waiting", "")));

    @Test
    void the_table_says_how_long_a_part_takes_or_took() {
        assertThat(ProgressText.table(STATE, part -> 0.4, part -> 2.5))
                .containsExactly(
                        "  … kafka            starting   2.5 s    formatting the log",
                        "  ✓ redis            ready      0.4 s",
                        "    topics           waiting");
    }

    @Test
    void only_changes_are_told() {
        Map<String, String> before = Map.of("kafka", "starting", "redis", "starting");
        assertThat(ProgressText.changes(before, STATE, part -> 0.4))
                .containsExactly("  ✓ redis            ready      0.4 s");
        assertThat(ProgressText.changes(ProgressText.states(STATE), STATE, part -> 0.4))
                .isEmpty();
    }

    private static PartStatus part(String name, String state, String detail) {
        return new PartStatus(name, state, 0, 0, 0, 0, 0, detail, "");
    }
}
