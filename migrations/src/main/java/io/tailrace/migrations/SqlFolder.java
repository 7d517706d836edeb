package io.tailrace.migrations;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of numbered SQL files, {@code V0001__what_it_does.sql}.
 *
 * @param path where the files are
 * @param historyTable the table that remembers which of them were applied
 */
record SqlFolder(Path path, String historyTable) {
    /** The table that remembers which seeds were applied. */
    static final String SEED_HISTORY_TABLE = "seed_history";

    private static final Pattern FILE = Pattern.compile("V([0-9]{1,9})__(.+)\\.sql");
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
        return new SqlFolder(Files.isDirectory(sql) ? sql : dir, seeds ? SEED_HISTORY_TABLE : Schema.HISTORY_TABLE);
    }

    /** What was applied of this folder to a database. */
    SqlHistory history(Database database) {
        return new SqlHistory(database, "filesystem:" + path.toAbsolutePath(), historyTable);
    }

    /**
     * Writes a new file with the next number.
     *
     * @param name what it does, {@code [a-z0-9_]+}
     * @return the file
     * @throws MigrationFault if the name is not of the form or taken, or the file cannot be written
     */
    Path create(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new MigrationFault("name \"" + name + "\": expected [a-z0-9_]+, for example add_phone_to_users");
        }
        long next = 1;
        for (String file : files()) {
            Matcher matcher = FILE.matcher(file);
            if (matcher.matches()) {
                if (matcher.group(2).equals(name)) {
                    throw new MigrationFault("name \"" + name + "\": taken by " + path.resolve(file));
                }
                next = Math.max(next, Long.parseLong(matcher.group(1)) + 1);
            }
        }
        Path file = path.resolve(String.format(Locale.ROOT, "V%04d__%s.sql", next, name));
        String header = "-- " + name.replace('_', ' ').strip()
                + ": say here what changes and why.\n-- Applied once, in a transaction of its own. Once it is applied"
                + " anywhere it never changes: write a new file instead.\n\n";
        try {
            // CREATE_NEW: somebody else may have taken the number since the folder was read.
            return Files.writeString(file, header, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new MigrationFault(file + " exists already", e);
        } catch (IOException e) {
            throw new MigrationFault(file + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private List<String> files() {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new MigrationFault(path + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
