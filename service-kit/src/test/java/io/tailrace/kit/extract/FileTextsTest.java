package io.tailrace.kit.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.kit.file.FolderStore;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTextsTest {
    private final UUID owner = UUID.randomUUID();
    private final UUID upload = UUID.randomUUID();

    private FileTexts texts;

    @BeforeEach
    void start(@TempDir Path folder) {
        texts = new FileTexts(new FolderStore(folder));
    }

    private String text(int first, int last) throws Exception {
        try (InputStream in = texts.text(owner, upload, first, last)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void pages_are_read_as_they_were_kept_all_or_some() throws Exception {
        String longPage = "Ein längerer Satz mit \ud83d\ude00 und \"quotes\".\n".repeat(200);

        TextState state = texts.keep(owner, upload, List.of("one\ttwo", "", longPage, "last"));

        assertThat(state).isEqualTo(new TextState(null, 4, 7 + longPage.length() + 4));
        assertThat(texts.state(owner, upload)).contains(state);
        assertThat(text(1, Integer.MAX_VALUE)).isEqualTo("one\ttwo\f\f" + longPage + "\flast");
        assertThat(text(3, 3)).isEqualTo(longPage);
        assertThat(text(1, 2)).isEqualTo("one\ttwo\f");
        assertThat(text(5, 9)).isEmpty();
    }

    @Test
    void a_file_without_a_text_has_a_reason() throws Exception {
        texts.keep(owner, upload, ExtractionFault.TOOK_TOO_LONG);

        assertThat(texts.state(owner, upload)).contains(new TextState("took_too_long", 0, 0));
    }

    @Test
    void what_nobody_has_read_yet_has_no_state_and_a_deleted_text_is_gone() throws Exception {
        assertThat(texts.state(owner, upload)).isEmpty();
        assertThatThrownBy(() -> text(1, 1)).isInstanceOf(NoSuchFileException.class);

        texts.keep(owner, upload, List.of("words"));
        assertThat(texts.delete(owner, upload)).isTrue();

        assertThat(texts.state(owner, upload)).isEmpty();
    }
}
