package io.tailrace.standalone.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The parts of the pages that need no browser, by their own tests in Node.js. */
@Tag("server")
class PageModulesTest {
    private static final Path TESTS = Path.of("src", "test", "javascript");
    private static final Path OUTPUT = Path.of("target", "page-modules.tap");
    private static final long LIMIT_S = 300;

    @Test
    void theTestsOfThePurePartsPassInNode() throws Exception {
        List<String> command = new ArrayList<>(List.of("node", "--test", "--test-reporter=tap"));
        List<String> files = tests();
        assertThat(files).isNotEmpty();
        command.addAll(files);

        Process node = start(command);
        try {
            assertThat(node.waitFor(LIMIT_S, TimeUnit.SECONDS))
                    .as("%s ends in time", command)
                    .isTrue();
        } finally {
            node.descendants().forEach(ProcessHandle::destroy);
            node.destroy();
        }

        String output = Files.readString(OUTPUT);
        assertThat(node.exitValue()).as(output).isZero();
        assertThat(output).contains("# fail 0", "# skipped 0").doesNotContain("# pass 0");
    }

    private static List<String> tests() throws IOException {
        try (var files = Files.list(TESTS)) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".test.js"))
                    .sorted()
                    .toList();
        }
    }

    private static Process start(List<String> command) {
        try {
            // Into a file: Node.js makes pipes that it inherits non-blocking.
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(OUTPUT.toFile())
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "this test needs Node.js 20.19 or later: install it (Debian: nodejs, npm)", e);
        }
    }
}
