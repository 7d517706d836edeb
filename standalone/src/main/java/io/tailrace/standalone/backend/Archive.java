package io.tailrace.standalone.backend;

import io.tailrace.standalone.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks a server once. It is unpacked beside its place and moved there when it is complete, so that an unpacking that
 * was cut short is never taken for a server.
 */
final class Archive {
    private Archive() {}

    /** Writes the content of a server into a folder. */
    @FunctionalInterface
    interface Content {
        /** Writes it. */
        void into(Path folder) throws IOException;
    }

    /** Makes {@code target} if it does not exist. */
    static void once(Path target, Content content) throws IOException {
        if (Files.exists(target)) {
            return;
        }
        Path parent = target.toAbsolutePath().getParent();
        Path unfinished = Files.createTempDirectory(parent, ".unpacking-");
        try {
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
            content.into(unfinished);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("No space left") || message.contains("Disk quota exceeded")) {
                throw new Fault("the disk is full: cannot unpack " + target, e);
            }
            throw e;
        } finally {
            delete(unfinished);
        }
    }

    /** Unpacks the wanted entries of a zip file, without its first folder. */
    static Content zip(Path archive, Predicate<String> wanted) {
        return folder -> {
            try (ZipFile zip = new ZipFile(archive.toFile())) {
                Enumeration<? extends ZipEntry> entries = zip.entries();
                while (entries.hasMoreElements()) {
                    ZipEntry entry = entries.nextElement();
                    String name = entry.getName().substring(entry.getName().indexOf('/') + 1);
                    if (!entry.isDirectory() && wanted.test(name)) {
                        try (InputStream in = zip.getInputStream(entry)) {
                            write(in, inside(folder, name), false);
                        }
                    }
                }
            }
        };
    }

    /** Unpacks the one {@code .txz} that is in a jar. */
    static Content txzInJar(Path jar) {
        return folder -> {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                ZipEntry entry = zip.stream()
                        .filter(e -> e.getName().endsWith(".txz"))
                        .findFirst()
                        .orElseThrow(() -> new IOException(jar + " has no .txz"));
                try (TarArchiveInputStream tar =
                        new TarArchiveInputStream(new XZInputStream(zip.getInputStream(entry)))) {
                    untar(tar, folder);
                }
            }
        };
    }

    /** Takes one file out of a jar and makes it executable. */
    static Content program(Path jar, String entryName, String fileName) {
        return folder -> {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                ZipEntry entry = zip.getEntry(entryName);
                if (entry == null) {
                    throw new IOException(jar + " has no " + entryName);
                }
                try (InputStream in = zip.getInputStream(entry)) {
                    write(in, folder.resolve(fileName), true);
                }
            }
        };
    }

    private static void untar(TarArchiveInputStream tar, Path folder) throws IOException {
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            Path file = inside(folder, entry.getName());
            if (entry.isSymbolicLink()) {
                Files.createDirectories(file.getParent());
                Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            } else if (!entry.isDirectory()) {
                write(tar, file, (entry.getMode() & 0100) != 0);
            }
        }
    }

    private static Path inside(Path folder, String name) throws IOException {
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder)) {
            throw new IOException("an archive has the entry " + name + ", which is outside of it");
        }
        return file;
    }

    private static void write(InputStream in, Path file, boolean executable) throws IOException {
        Files.createDirectories(file.getParent());
        Files.copy(in, file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
