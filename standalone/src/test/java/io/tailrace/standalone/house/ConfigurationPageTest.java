package io.tailrace.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {
    @Test
    void the_page_lists_every_setting_with_its_default_and_its_meaning() throws IOException {
        Path root = ConfigurationPage.repositoryRoot();
        String expected = ConfigurationPage.text(root);
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(root.resolve(ConfigurationPage.PLACE), expected);
        }

        assertThat(Files.readString(root.resolve(ConfigurationPage.PLACE)))
                .as("run ./tailrace docs to make %s anew", ConfigurationPage.PLACE)
                .isEqualTo(expected);
    }

    @Test
    void every_setting_says_what_it_means() throws IOException {
        assertThat(ConfigurationPage.text(ConfigurationPage.repositoryRoot()).lines())
                .filteredOn(line -> line.startsWith("| `TAILRACE_"))
                .allSatisfy(line -> assertThat(line).doesNotEndWith("|  |"));
    }
}
