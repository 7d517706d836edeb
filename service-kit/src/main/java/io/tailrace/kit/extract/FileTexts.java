package io.tailrace.kit.extract;

import io.tailrace.kit.file.FileArea;
import io.tailrace.kit.file.FileKey;
import io.tailrace.kit.file.FileStore;
import io.tailrace.kit.json.Json;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The texts of files, each in a file of its own beside the file that it was read in: a line of JSON with the {@link TextState}, and one for each
 * passage. Thread-safe; blocks. Every method throws {@link IOException} if the store is full or away.
 */
public final class FileTexts {
    private final FileStore store;

    /** The texts in a store. */
    public FileTexts(FileStore store) {
        this.store = store;
    }

    /**
     * A part of a page.
     *
     * @param page the number of the page, from 1
     * @param text at most {@link Passages#LONGEST} characters
     */
    public record Passage(int page, String text) {}

    private static FileKey key(UUID owner, UUID upload) {
        return new FileKey(FileArea.TEXT, owner, upload);
    }

    /**
     * Keeps a text, in place of an earlier one.
     *
     * @param pages the text of each page
     */
    public TextState keep(UUID owner, UUID upload, List<String> pages) throws IOException {
        long characters = pages.stream().mapToLong(String::length).sum();
        TextState state = new TextState(null, pages.size(), characters);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        line(out, state);
        for (int i = 0; i < pages.size(); i++) {
            for (String passage : Passages.of(pages.get(i))) {
                line(out, new Passage(i + 1, passage));
            }
        }
        store.replace(key(owner, upload), out.toByteArray());
        return state;
    }

    /** Keeps why there is no text. */
    public TextState keep(UUID owner, UUID upload, ExtractionFault fault) throws IOException {
        TextState state = new TextState(fault.label(), 0, 0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        line(out, state);
        store.replace(key(owner, upload), out.toByteArray());
        return state;
    }

    private static void line(ByteArrayOutputStream out, Object value) throws IOException {
        out.write(Json.write(value));
        out.write('\n');
    }

    /** What became of the text of a file; empty if that is not known yet, or the file has none. */
    public Optional<TextState> state(UUID owner, UUID upload) throws IOException {
        try (BufferedReader lines = lines(owner, upload)) {
            return Optional.of(Json.read(first(lines).getBytes(StandardCharsets.UTF_8), TextState.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * The text of some pages, as UTF-8, with a form feed between two pages. Whoever has it closes it.
     *
     * @param first the first page, from 1
     * @param last the last one
     * @throws NoSuchFileException if there is none
     */
    public InputStream text(UUID owner, UUID upload, int first, int last) throws IOException {
        BufferedReader lines = lines(owner, upload);
        try {
            var unused = first(lines);
            return new PagesInput(lines, first, last);
        } catch (IOException e) {
            lines.close();
            throw e;
        }
    }

    private static String first(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new IOException("a text without its first line");
        }
        return line;
    }

    private BufferedReader lines(UUID owner, UUID upload) throws IOException {
        return new BufferedReader(
                new InputStreamReader(store.read(key(owner, upload), 0, Long.MAX_VALUE), StandardCharsets.UTF_8));
    }

    /** Deletes the text of a file, if there is one; whether there was. */
    public boolean delete(UUID owner, UUID upload) throws IOException {
        return store.delete(key(owner, upload));
    }
}
