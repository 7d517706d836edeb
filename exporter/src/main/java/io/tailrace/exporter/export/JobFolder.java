package io.tailrace.exporter.export;

import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder of an export, with what its jobs keep beside what they export. Whatever has its name is whole and on the disk. The file system has
 * to have hard links. Thread-safe.
 */
public final class JobFolder {
    private static final String TEMPORARY = ".tmp";
    private static final String PLAN = ".plan-";

    /** Plans of the jobs before, for attempts of theirs that were frozen and go on. */
    private static final int KEPT_PLANS = 20;

    private final Path folder;

    /** The folder, which is made if it is missing. */
    public JobFolder(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** The plan of a job, if there is one. */
    public <T> Optional<T> plan(UUID job, Class<T> type) throws IOException {
        return read(PLAN + job, type);
    }

    /**
     * Keeps the plan of a job, unless it has one.
     *
     * @param writer tells apart those who try
     * @return the one that is kept
     */
    public <T> T keepPlan(UUID job, String writer, T plan, Class<T> type) throws IOException {
        return keep(PLAN + job, job, writer, plan, type);
    }

    /**
     * Keeps a value under a name, unless there is one.
     *
     * @param writer tells apart those of the job who try
     * @return the one that is kept
     */
    public <T> T keep(String name, UUID job, String writer, T value, Class<T> type) throws IOException {
        Path temporary = temporary(job, "keep-" + writer);
        Files.write(temporary, Json.write(value));
        // If there is one it is of an attempt before this one, and counts.
        var unused = create(temporary, name);
        return read(name, type).orElseThrow(() -> new NoSuchFileException(name));
    }

    /**
     * Gives a file its name, when it is on the disk, unless there is another one of that name. The temporary one is gone afterwards.
     *
     * @return whether it has the name now
     */
    public boolean create(Path temporary, String name) throws IOException {
        force(temporary);
        boolean isFirst;
        try {
            // A link is not made if the name is taken, so all attempts have one and the same.
            Files.createLink(folder.resolve(name), temporary);
            isFirst = true;
        } catch (FileAlreadyExistsException e) {
            isFirst = false;
        }
        Files.deleteIfExists(temporary);
        force(folder);
        return isFirst;
    }

    /** Where the file of a name is. */
    public Path file(String name) {
        return folder.resolve(name);
    }

    /** What a file has, if there is one. */
    public <T> Optional<T> read(String name, Class<T> type) throws IOException {
        try {
            return Optional.of(Json.read(Files.readAllBytes(folder.resolve(name)), type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** A file of this name, of which nothing is there yet. */
    public Path temporary(UUID job, String writer) {
        return folder.resolve("." + job + "-" + writer + TEMPORARY);
    }

    /** Gives a file its name, when it is on the disk; another one of that name is replaced. */
    public void publish(Path temporary, String name) throws IOException {
        force(temporary);
        Files.move(
                temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(folder);
    }

    /** Deletes what attempts that were killed have left, and the plans of jobs of long ago. */
    public void tidy() throws IOException {
        List<Path> plans = new ArrayList<>();
        for (Path file : files()) {
            String name = file.getFileName().toString();
            if (name.endsWith(TEMPORARY)) {
                Files.deleteIfExists(file);
            } else if (name.startsWith(PLAN)) {
                plans.add(file);
            }
        }
        if (plans.size() > KEPT_PLANS) {
            plans.sort(Comparator.comparing(JobFolder::modified).reversed());
            for (Path old : plans.subList(KEPT_PLANS, plans.size())) {
                Files.deleteIfExists(old);
            }
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** What is in the folder. */
    public List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    /** Has the disk have it; of a folder, which names are in it. */
    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
