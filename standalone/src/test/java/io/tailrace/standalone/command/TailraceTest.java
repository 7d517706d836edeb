package io.tailrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.data.RunState.PartStatus;
import io.tailrace.standalone.process.LogFile;
import io.tailrace.standalone.process.Supervisor.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "a:b", "a=b", "a\nb", "a$b", "100%", "a\\b", "say \"hi\""})
    void up_refuses_a_name_that_a_server_would_misread_before_it_writes_anything(String name) {
        assertThat(Tailrace.run("up", "--data", temporary.resolve(name).toString()))
                .isEqualTo(1);
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void up_refuses_names_and_paths_that_are_too_long_before_it_writes_anything() {
        Path deep = temporary;
        for (int i = 0; i < 10; i++) {
            deep = deep.resolve("d".repeat(100));
        }
        assertThat(Tailrace.run(
                        "up", "--data", temporary.resolve("x".repeat(300)).toString()))
                .isEqualTo(1);
        assertThat(Tailrace.run(
                        "up", "--data", temporary.resolve("ö".repeat(150)).toString()))
                .isEqualTo(1);
        assertThat(Tailrace.run("up", "--data", deep.toString())).isEqualTo(1);
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void an_error_names_a_log_only_if_there_is_one() throws IOException {
        // given
        Path path = temporary.resolve("kafka.log");
        StartFailure failure = new StartFailure("kafka", "no", new LogFile(path, 1_000));
        // then
        assertThat(Foreground.explanation(failure)).containsExactly("tailrace: kafka did not come up: no");
        Files.writeString(path, "first\nlast\n");
        assertThat(Foreground.explanation(failure))
                .containsExactly("tailrace: kafka did not come up: no; it wrote to " + path, "  | first", "  | last");
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
