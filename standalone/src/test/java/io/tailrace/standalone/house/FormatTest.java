package io.tailrace.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatTest {
    @Test
    void everySourceIsInTheFormat() {
        assertThat(SourceFormat.unformatted(SourceTree.here()))
                .as("run `./tailrace format` to put these into the format")
                .isEmpty();
    }

    @Test
    void aSourceThatIsNotInTheFormatIsNamed(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("Good.java"), "class Good {}\n");
        Files.writeString(folder.resolve("Bad.java"), "class Bad  { }");
        Files.writeString(folder.resolve("Unused.java"), "import java.util.List;\n\nclass Unused {}\n");

        assertThat(SourceFormat.unformatted(new SourceTree(folder))).containsExactly("Bad.java", "Unused.java");
    }
}
