package io.tailrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.data.RunState.PartStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands answer. */
class TailraceTest {
    @TempDir
    private Path temporary = Path.of("");

    @Test
    void status_and_down_of_nothing_do_no_harm() {
        assertThat(Tailrace.run("status", "--data", temporary.toString())).isEqualTo(1);
        assertThat(Tailrace.run("down", "--data", temporary.toString())).isZero();
        assertThat(Tailrace.run("status", "--json", "--data", temporary.toString()))
                .isEqualTo(1);
    }

    @Test
    void wrong_usage_is_another_exit_code() {
        assertThat(Tailrace.run("token")).isEqualTo(2);
        assertThat(Tailrace.run("up", "--without", "nonsense", "--data", temporary.toString()))
                .isEqualTo(1);
    }

    @Test
    void lifetimes_are_numbers_with_a_unit() {
        assertThat(Token.lifetime("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(Token.lifetime("12h")).isEqualTo(Duration.ofHours(12));
        assertThatThrownBy(() -> Token.lifetime("1 hour")).hasMessageContaining("1 hour");
    }

    @Test
    void a_state_whose_processes_are_gone_is_not_up() {
        // given the state of a supervisor that was killed, and of a child that outlived it
        RunState state = new RunState(
                RunState.UP,
                "http://localhost:8080",
                10,
                0,
                List.of(
                        new PartStatus("kafka", "ready", 11, 0, 1, 0, 0, "", ""),
                        new PartStatus("redis", "ready", 12, 0, 2, 0, 0, "", ""),
                        new PartStatus("sse-edge", "ready", 10, 0, 3, 0, 0, "", "")));
        // when
        List<StatusRow> rows = StatusRow.all(state, 0, (_, pid, _) -> pid == 11);
        // then
        assertThat(rows).extracting(StatusRow::name).containsExactly("kafka", "redis", "sse-edge");
        assertThat(rows).extracting(StatusRow::state).containsExactly("orphan", "dead", "dead");
    }

    @Test
    void up_fails_and_says_so_when_a_supervisor_holds_the_folder() {
        DataFolder folder = new DataFolder(temporary);
        folder.open();
        try (var lock = io.tailrace.standalone.data.FolderLock.take(folder).orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThat(Tailrace.run("up", "--data", temporary.toString())).isEqualTo(1);
        }
    }
}
