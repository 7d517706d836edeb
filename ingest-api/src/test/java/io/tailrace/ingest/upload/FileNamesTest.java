package io.tailrace.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "report.pdf|report.pdf",
                "../../etc/passwd|passwd",
                "C:\\Users\\ada\\a b.txt|a b.txt",
                "..|file",
                "/|file",
                "a/|file",
                ".htaccess|htaccess",
                "' x.txt. '|x.txt",
                "Grüße.txt|Grüße.txt"
            })
    void a_name_is_the_last_part_of_a_path_without_dots_and_spaces_at_its_ends(String declared, String name) {
        assertThat(FileNames.normalize(declared)).isEqualTo(name);
    }

    @Test
    void what_nobody_sees_and_what_turns_the_text_is_left_out() {
        assertThat(FileNames.normalize("a\u0000b\r\nc\u202Etxt.exe\u2066\u200F\uFEFF"))
                .isEqualTo("abctxt.exe");
        assertThat(FileNames.normalize("a\u00A0\u2003b.txt")).isEqualTo("a b.txt");
        assertThat(FileNames.normalize("u\u0308.txt")).isEqualTo("\u00FC.txt");
        assertThat(FileNames.normalize("\uD800.txt")).isEqualTo("txt");
    }

    @Test
    void nothing_to_see_is_a_name_all_the_same() {
        assertThat(FileNames.normalize(null)).isEqualTo("file");
        assertThat(FileNames.normalize("")).isEqualTo("file");
        assertThat(FileNames.normalize("\u200B\u0000")).isEqualTo("file");
    }

    @Test
    void a_name_of_10_kb_keeps_its_ending_and_whole_characters() {
        String name = FileNames.normalize("\uD83D\uDE00".repeat(2_500) + ".docx");

        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(250, 255);
        assertThat(name).startsWith("\uD83D\uDE00").endsWith("\uD83D\uDE00.docx");
        assertThat(FileNames.normalize("x".repeat(10_000))).hasSize(255);
        assertThat(FileNames.normalize("a." + "x".repeat(10_000))).hasSize(255);
    }
}
