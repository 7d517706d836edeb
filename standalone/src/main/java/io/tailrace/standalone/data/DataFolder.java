package io.tailrace.standalone.data;

import io.tailrace.standalone.Fault;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where things are in the data folder. Immutable; the methods without side effects may be called before {@link #open}.
 *
 * @param root the folder itself, absolute
 */
public record DataFolder(Path root) {
    private static final long MIB = 1 << 20;

    /** Makes the path absolute. */
    public DataFolder {
        root = root.toAbsolutePath().normalize();
    }

    /** Makes the folders. */
    public void open() {
        try {
            for (Path folder : List.of(root, logs(), run(), cds(), keys(), backends())) {
                Files.createDirectories(folder);
            }
            Path probe = Files.createTempFile(root, ".write", "");
            Files.delete(probe);
        } catch (IOException e) {
            throw new Fault("cannot write to the data folder " + root + ": " + reason(e), e);
        }
    }

    /**
     * Fails if the disk has less room than is needed: nothing is worse than a database that stops half-way.
     *
     * @param firstMib for the first start, which unpacks the servers, in MiB
     * @param laterMib for every later one
     */
    public void requireSpace(long firstMib, long laterMib) {
        try {
            boolean first = !Files.exists(environmentFile());
            long wantedMib = first ? firstMib : laterMib;
            long freeMib = Files.getFileStore(root).getUsableSpace() / MIB;
            if (freeMib < wantedMib) {
                throw new Fault("too little space for the data folder " + root + ": " + freeMib + " MiB are free, "
                        + wantedMib + " MiB are needed");
            }
        } catch (IOException e) {
            throw new Fault("cannot read how much space is free at " + root + ": " + reason(e), e);
        }
    }

    /** What a service or a server prints. */
    public Path log(String name) {
        return logs().resolve(name + ".log");
    }

    /** The folder of the logs. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** What is only true while it runs. */
    public Path run() {
        return root.resolve("run");
    }

    /** Class-data archives, which make later starts faster; may be deleted at any time. */
    public Path cds() {
        return root.resolve("cds");
    }

    /** The signing key and passwords. */
    public Path keys() {
        return root.resolve("keys");
    }

    /** The unpacked servers; may be deleted while nothing runs. */
    public Path backends() {
        return root.resolve("backends");
    }

    /** The data of one server. */
    public Path of(String backend) {
        return root.resolve(backend);
    }

    /** How to reach what is up, as {@code KEY=VALUE} lines. */
    public Path environmentFile() {
        return root.resolve("environment");
    }

    /** The ports that were chosen at the first start. */
    public Path portsFile() {
        return root.resolve("ports");
    }

    /** The state of everything, for {@code status} and for the supervisor after this one. */
    public Path stateFile() {
        return run().resolve("state.json");
    }

    /** Locked as long as a supervisor lives. */
    public Path lockFile() {
        return run().resolve("lock");
    }

    /** What went wrong with a file, without the path that the message around it names already. */
    public static String reason(IOException e) {
        if (e instanceof FileSystemException fault && fault.getReason() != null) {
            return fault.getReason();
        }
        return switch (e) {
            case java.nio.file.AccessDeniedException _ -> "permission denied";
            case java.nio.file.FileAlreadyExistsException _ -> "a file is in the way";
            case java.nio.file.NotDirectoryException _ -> "it is not a folder";
            case java.nio.file.NoSuchFileException _ -> "it does not exist";
            default -> String.valueOf(e.getMessage());
        };
    }
}
