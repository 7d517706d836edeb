package io.tailrace.systemtests.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * New data folders for {@code ./tailrace}, under {@code target}. The class-data archives, which each of them would have alike, stand
 * in one place, where JVMs of the first Tailrace that this process starts leave them. A start that finds them takes much less CPU.
 * Thread-safe.
 */
public final class DataFolders {
    /** Where a data folder has its archives; they may be deleted at any time. */
    private static final String ARCHIVES = "cds";

    private static @Nullable Path archives;

    private DataFolders() {}

    /** A new folder with a link to the archives. */
    public static Path create(String prefix) throws IOException {
        Path folder = createEmpty(prefix);
        Files.createSymbolicLink(folder.resolve(ARCHIVES), archives());
        return folder;
    }

    /** A new folder without anything, so that its first start is the first start of an installation. */
    public static Path createEmpty(String prefix) throws IOException {
        return Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "platforms")).toAbsolutePath(), prefix);
    }

    private static synchronized Path archives() throws IOException {
        Path known = archives;
        if (known != null) {
            return known;
        }
        // Of this process alone: another build has other jars, and so other archives.
        Path made = createEmpty("archives");
        archives = made;
        return made;
    }
}
