package io.tailrace.standalone.data;

import io.tailrace.standalone.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Small files that are replaced as a whole: a reader sees the old content or the new one, never a part. */
public final class SmallFile {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private SmallFile() {}

    /** Replaces a file that anyone may read. */
    public static void write(Path file, String content) {
        write(file, content, "rw-r--r--");
    }

    /** Replaces a file that only its owner may read. */
    public static void writeSecret(Path file, String content) {
        write(file, content, "rw-------");
    }

    private static void write(Path file, String content, String permissions) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            // A temporary file is made readable for its owner only, so that a secret is never open for a moment.
            Path temporary = Files.createTempFile(folder, "." + file.getFileName(), "");
            try {
                Files.writeString(temporary, content, StandardCharsets.UTF_8);
                if (POSIX) {
                    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(permissions));
                }
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new Fault("cannot write " + file + ": " + DataFolder.reason(e), e);
        }
    }
}
