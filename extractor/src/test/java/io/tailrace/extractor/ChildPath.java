package io.tailrace.extractor;

import io.tailrace.workers.extract.ExtractSettings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** How the tests start the program: with the class path that it has in production. */
final class ChildPath {
    private ChildPath() {}

    static String classPath() {
        try {
            return Path.of("target/classes").toAbsolutePath()
                    + File.pathSeparator
                    + Files.readString(Path.of("target/child.classpath")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ExtractSettings settings(Path folder, int heapMegabytes, Duration timeLimit) {
        return settings(classPath(), folder, heapMegabytes, timeLimit);
    }

    static ExtractSettings settings(String classPath, Path folder, int heapMegabytes, Duration timeLimit) {
        return new ExtractSettings(
                classPath,
                folder.toString(),
                2,
                heapMegabytes,
                timeLimit,
                2_000,
                20_000_000,
                256L << 20,
                Duration.ZERO,
                Duration.ofSeconds(30));
    }
}
