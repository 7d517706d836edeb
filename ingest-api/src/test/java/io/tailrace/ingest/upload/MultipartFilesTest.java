package io.tailrace.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.kit.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartFilesTest {
    private static final String TYPE = "multipart/form-data; boundary=b";

    private final List<String> taken = new ArrayList<>();

    @Test
    void files_are_taken_in_their_order_and_fields_are_not() {
        String form =
                part("field", null, "no file") + part("f", "a.txt", "one") + part("f", "b.txt", "two") + "--b--\r\n";

        assertThat(read(form, 10)).isEqualTo(MultipartFiles.End.WHOLE);
        assertThat(taken).containsExactly("a.txt|text/plain|one", "b.txt|text/plain|two");
    }

    @Test
    void a_name_may_hold_a_nul_and_be_of_10_kb() {
        String form = part("f", "a\u0000b", "one") + part("f", "x".repeat(10_000), "two") + "--b--\r\n";

        assertThat(read(form, 10)).isEqualTo(MultipartFiles.End.WHOLE);
        assertThat(taken).hasSize(2);
    }

    @Test
    void of_10_000_parts_only_the_first_are_read() {
        assertThat(read(part("f", "a", "x").repeat(10_000) + "--b--\r\n", 100))
                .isEqualTo(MultipartFiles.End.TOO_MANY_PARTS);
        assertThat(taken).hasSize(100);
    }

    @Test
    void a_form_that_ends_too_early_is_malformed_behind_what_was_whole() {
        String form = part("f", "a.txt", "one") + part("f", "b.txt", "two");

        assertThat(read(form.substring(0, form.length() - 4), 10)).isEqualTo(MultipartFiles.End.MALFORMED);
        assertThat(taken).containsExactly("a.txt|text/plain|one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nothing", "--b--\r\n"})
    void a_body_without_parts_has_no_files(String form) {
        assertThat(read(form, 10)).isIn(MultipartFiles.End.WHOLE, MultipartFiles.End.MALFORMED);
        assertThat(taken).isEmpty();
    }

    @Test
    void a_part_that_says_that_it_has_parts_and_has_no_boundary_is_malformed() {
        String mixed = part("f", "b.txt", "two").replace("text/plain", "multipart/mixed");

        assertThat(read(part("f", "a.txt", "one") + mixed + "--b--\r\n", 10)).isEqualTo(MultipartFiles.End.MALFORMED);
        assertThat(taken).containsExactly("a.txt|text/plain|one");
    }

    @Test
    void without_a_boundary_there_is_no_form() {
        assertThatThrownBy(() -> MultipartFiles.read(
                        "multipart/form-data", 0, new ByteArrayInputStream(new byte[0]), 10, (n, t, c) -> {}))
                .isInstanceOf(ProblemException.class);
    }

    private MultipartFiles.End read(String form, int maxParts) {
        byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
        return MultipartFiles.read(
                TYPE,
                bytes.length,
                new ByteArrayInputStream(bytes),
                maxParts,
                (name, type, content) -> taken.add(
                        name + "|" + type + "|" + new String(content.readAllBytes(), StandardCharsets.UTF_8)));
    }

    private static String part(String field, @Nullable String file, String content) {
        return "--b\r\nContent-Disposition: form-data; name=\"" + field + "\""
                + (file == null ? "" : "; filename=\"" + file + "\"\r\nContent-Type: text/plain")
                + "\r\n\r\n" + content + "\r\n";
    }
}
