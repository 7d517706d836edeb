package io.tailrace.standalone.data;

import io.tailrace.standalone.Fault;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where things are in the data folder. Immutable; the methods without side effects may be called before {@link #open}.
 *
 * @param root the folder itself, absolute
 */
public record DataFolder(Path root) {
    private static final long MIB = 1 << 20;
    private static final int SHOWN_CHARACTERS = 120;

    /** Makes the path absolute. */
    public DataFolder {
        root = resolved(root.toAbsolutePath());
    }

    /** Fails if nothing can be kept there: before anything is written. */
    public void check() {
        Optional<String> fault = FolderName.fault(root);
        if (fault.isPresent()) {
            throw new Fault("cannot use the data folder " + printable(root) + ": " + fault.get());
        }
        Path existing = nearestExisting();
        if (!Files.isDirectory(existing)) {
            throw new Fault("cannot use the data folder " + root + ": "
                    + (existing.equals(root) ? "it is" : existing + " is") + " not a folder");
        }
        if (!Files.isWritable(existing) || !Files.isExecutable(existing)) {
            throw new Fault("cannot write to the data folder " + root + ": no right to write to " + existing);
        }
    }

    /** Makes the folders. */
    public void open() {
        check();
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
            long freeMib = Files.getFileStore(nearestExisting()).getUsableSpace() / MIB;
            if (freeMib < wantedMib) {
                throw new Fault("too little space for the data folder " + root + ": " + freeMib + " MiB are free, "
                        + wantedMib + " MiB are needed");
            }
        } catch (IOException e) {
            throw new Fault("cannot read how much space is free at " + root + ": " + reason(e), e);
        }
    }

    /** The folder itself, or the last one above it that exists. */
    private Path nearestExisting() {
        Path path = root;
        while (!Files.exists(path, LinkOption.NOFOLLOW_LINKS) && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }

    /** A path without {@code .} and {@code ..} that leads where the operating system would go, which follows links first. */
    private static Path resolved(Path path) {
        Path resolved = path.getRoot();
        for (Path name : path) {
            if (name.toString().equals("..")) {
                resolved = real(resolved);
                resolved = resolved.getParent() == null ? resolved : resolved.getParent();
            } else if (!name.toString().equals(".")) {
                resolved = resolved.resolve(name);
            }
        }
        return resolved;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            // It does not exist yet, and so it is no link.
            return path;
        }
    }

    private static String printable(Path path) {
        String text = path.toString().replaceAll("\\p{Cntrl}", "?");
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
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
