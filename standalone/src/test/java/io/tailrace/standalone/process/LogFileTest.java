package io.tailrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void a_log_that_has_outgrown_its_bound_is_cut_and_one_older_part_is_kept() throws Exception {
        // given
        Path path = Files.writeString(folder.resolve("a.log"), "x".repeat(101));
        // when
        new LogFile(path, 100).rotate();
        // then
        assertThat(path).isEmptyFile();
        assertThat(folder.resolve("a.log.1")).hasContent("x".repeat(101));
    }

    @Test
    void a_log_within_its_bound_and_one_that_does_not_exist_are_left_alone() throws Exception {
        Path path = Files.writeString(folder.resolve("a.log"), "x");
        new LogFile(path, 100).rotate();
        new LogFile(folder.resolve("none.log"), 100).rotate();
        assertThat(path).hasContent("x");
    }

    @Test
    void the_last_lines_are_the_last_lines() throws Exception {
        Path path = Files.writeString(folder.resolve("a.log"), "one\ntwo\n\nthree\n");
        assertThat(new LogFile(path, 100).lastLines(2)).containsExactly("two", "three");
        assertThat(new LogFile(folder.resolve("none.log"), 100).lastLines(2)).isEmpty();
    }
}
