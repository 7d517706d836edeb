package io.tailrace.migrations;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A folder of numbered SQL files, {@code V0001__what_it_does.sql}.
 *
 * @param dir the folder that was named
 * @param path where the files are: that folder, or its folder {@code sql}
 * @param historyTable the table that remembers which of them were applied
 */
record SqlFolder(Path dir, Path path, String historyTable) {
    /** The table that remembers which seeds were applied. */
    static final String SEED_HISTORY_TABLE = "seed_history";

    /** So many others may take a number in the moment in which it is tried. */
    private static final int MAX_ATTEMPTS = 100;

    private static final Pattern NAME = Pattern.compile("[a-z0-9_]+");

    /**
     * The folder that {@code -dir} names: its files are in its {@code sql} folder if it has one, else in itself. A
     * folder named {@code seeds} has a history of its own, so that seeds and schema are numbered apart.
     *
     * @throws MigrationFault if there is no such folder
     */
    static SqlFolder of(Path dir) {
        if (!Files.isDirectory(dir)) {
            throw new MigrationFault(
                    "no folder " + dir + " here (" + Path.of("").toAbsolutePath() + ")");
        }
        Path sql = dir.resolve("sql");
        Path name = dir.toAbsolutePath().normalize().getFileName();
        boolean seeds = name != null && name.toString().equals("seeds");
        return new SqlFolder(
                dir, Files.isDirectory(sql) ? sql : dir, seeds ? SEED_HISTORY_TABLE : Schema.HISTORY_TABLE);
    }

    /** What was applied of this folder to a database. */
    SqlHistory history(DatabaseAddress database) {
        return new SqlHistory(
                database, "filesystem:" + path.toAbsolutePath(), historyTable, "./tailrace migrate -dir " + dir);
    }

    /**
     * Writes a new file with a number above all others, in folders below as well. Several processes may do it at once.
     *
     * @param name what it does, {@code [a-z0-9_]+}
     * @return the file
     * @throws MigrationFault if the name is not of the form or taken, or the file cannot be written
     */
    Path create(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new MigrationFault("name \"" + name + "\": expected [a-z0-9_]+, for example add_phone_to_users");
        }
        int gap = 0;
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            BigInteger number = highest(name).add(BigInteger.valueOf(1L + gap));
            Path file = write(FileVersion.fileName(number, name), name);
            List<String> equals = withVersionOf(file);
            if (equals.size() == 1) {
                return file;
            }
            // Somebody took the number since the folder was read. Who meets others goes on to a number of his own, so
            // that two who both make way do not meet again; others may be of a version that makes no way.
            gap = equals.indexOf(file.getFileName().toString());
            delete(file);
        }
        throw new MigrationFault(path + ": others take every number that is tried; try again");
    }

    /** The highest first number of any file. */
    private BigInteger highest(String name) {
        BigInteger highest = BigInteger.ZERO;
        for (String file : files()) {
            Optional<FileVersion> version = FileVersion.of(file);
            if (version.isPresent()) {
                if (version.get().name().equals(name)) {
                    throw new MigrationFault("name \"" + name + "\": taken by " + path.resolve(file));
                }
                highest = highest.max(version.get().major());
            }
        }
        return highest;
    }

    private Path write(String fileName, String name) {
        Path file = path.resolve(fileName);
        String header = "-- " + name.replace('_', ' ').strip()
                + ": say here what changes and why.\n-- Applied once, in a transaction of its own. Once it is applied"
                + " anywhere it never changes: write a new file instead.\n\n";
        try {
            // CREATE_NEW: somebody else may have taken number and name since the folder was read.
            return Files.writeString(file, header, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new MigrationFault(file + " exists already", e);
        } catch (IOException e) {
            throw new MigrationFault(file + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new MigrationFault(file + ": its number is taken, and it cannot be deleted: " + e.getMessage(), e);
        }
    }

    /** The names of all files with the version of one of them, itself included, in order. */
    private List<String> withVersionOf(Path file) {
        String name = file.getFileName().toString();
        Optional<String> numbers = FileVersion.of(name).map(FileVersion::numbers);
        return files().stream()
                .map(each -> each.substring(each.lastIndexOf('/') + 1))
                .filter(each -> each.equals(name)
                        || FileVersion.of(each).map(FileVersion::numbers).equals(numbers))
                .toList();
    }

    /**
     * All files, by their path below this folder, as they are applied from: those of folders below, too. One that goes while they
     * are listed, because somebody else has lost a number to another, is not there.
     */
    List<String> files() {
        List<String> files = new ArrayList<>();
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (Files.isRegularFile(file)) {
                        files.add(path.relativize(file).toString().replace('\\', '/'));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException fault) throws IOException {
                    if (fault instanceof NoSuchFileException && !file.equals(path)) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw fault;
                }
            });
        } catch (IOException e) {
            throw new MigrationFault(path + ": cannot be read: " + e.getMessage(), e);
        }
        Collections.sort(files);
        return List.copyOf(files);
    }
}
