package io.tailrace.kit.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store in a folder: {@code area/owner/id}, and the file {@code locks}. Several processes may use the same folder if its file system has locks,
 * hard links and atomic renames, as local ones and NFS 4 have. Only the process's user can read it.
 */
public final class FolderStore implements FileStore {
    /** Of files that are not whole yet. A crash can leave one, which the next {@link #replace} writes anew, and {@link #delete} deletes. */
    private static final String UNFINISHED = ".new";

    private final Path root;

    /** A store in a folder, which is made when the first file is. */
    public FolderStore(Path root) {
        this.root = root;
    }

    @Override
    public Closeable lock(FileKey key) throws IOException {
        return RangeLocks.take(root, key);
    }

    @Override
    public FileWriter write(FileKey key) throws IOException {
        Path path = path(key);
        makeFolder(key);
        boolean isNew = !Files.exists(path);
        FolderWriter writer = FolderWriter.open(path);
        if (isNew) {
            sync(folder(key));
        }
        return writer;
    }

    @Override
    public void replace(FileKey key, byte[] content) throws IOException {
        makeFolder(key);
        Path unfinished = path(key).resolveSibling(key.id() + UNFINISHED);
        try (FileChannel channel = FolderPermissions.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            FolderWriter.writeAll(channel, content, 0, content.length);
            channel.force(true);
        }
        Files.move(unfinished, path(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(folder(key));
    }

    @Override
    public void move(FileKey from, FileKey to) throws IOException {
        makeFolder(to);
        try {
            Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException | AtomicMoveNotSupportedException e) {
            if (Files.exists(path(from)) || !Files.exists(path(to))) {
                throw e;
            }
        }
        sync(folder(to));
        if (Files.isDirectory(folder(from))) {
            sync(folder(from));
        }
    }

    @Override
    public boolean share(FileKey existing, FileKey copy) throws IOException {
        makeFolder(copy);
        try {
            Files.createLink(path(copy), path(existing));
        } catch (FileAlreadyExistsException e) {
            return Files.isSameFile(path(copy), path(existing));
        } catch (FileSystemException | UnsupportedOperationException e) {
            // Deleted since it was found, or a file system without links: there is a second copy then.
            return false;
        }
        sync(folder(copy));
        return true;
    }

    @Override
    public long size(FileKey key) throws IOException {
        try {
            return Files.size(path(key));
        } catch (NoSuchFileException e) {
            return -1;
        }
    }

    @Override
    public InputStream read(FileKey key, long from, long length) throws IOException {
        InputStream in = Files.newInputStream(path(key));
        try {
            in.skipNBytes(from);
            return new LimitedInput(in, length);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    @Override
    public boolean delete(FileKey key) throws IOException {
        boolean unfinished = Files.deleteIfExists(path(key).resolveSibling(key.id() + UNFINISHED));
        boolean was = Files.deleteIfExists(path(key));
        if (was || unfinished) {
            sync(folder(key));
        }
        return was;
    }

    @Override
    public int deleteAll(UUID owner) throws IOException {
        int deleted = 0;
        for (FileArea area : FileArea.values()) {
            Path folder = folder(area, owner);
            for (Path file : children(folder)) {
                deleted += Files.deleteIfExists(file) ? 1 : 0;
            }
            if (Files.deleteIfExists(folder)) {
                sync(root.resolve(area.folder()));
            }
        }
        return deleted;
    }

    @Override
    public List<UUID> owners() throws IOException {
        TreeSet<UUID> owners = new TreeSet<>();
        for (FileArea area : FileArea.values()) {
            for (Path folder : children(root.resolve(area.folder()))) {
                id(folder).ifPresent(owners::add);
            }
        }
        return List.copyOf(owners);
    }

    @Override
    public List<FileEntry> list(FileArea area, UUID owner) throws IOException {
        List<FileEntry> entries = new ArrayList<>();
        for (Path file : children(folder(area, owner))) {
            Optional<UUID> id = id(file);
            BasicFileAttributes attributes = attributes(file);
            if (id.isPresent() && attributes != null) {
                entries.add(new FileEntry(
                        new FileKey(area, owner, id.get()), attributes.size(), changedAt(file, attributes)));
            }
        }
        return entries;
    }

    /** The time of a file's last change of any kind, where there is one: a second name does not change what was written. */
    private static Instant changedAt(Path file, BasicFileAttributes attributes) throws IOException {
        Instant written = attributes.lastModifiedTime().toInstant();
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return written;
        }
        try {
            Instant named = ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
            return named.isAfter(written) ? named : written;
        } catch (NoSuchFileException e) {
            return written;
        }
    }

    private static @Nullable BasicFileAttributes attributes(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static Optional<UUID> id(Path path) {
        String name = String.valueOf(path.getFileName());
        try {
            UUID id = UUID.fromString(name);
            return id.toString().equals(name) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Path folder(FileArea area, UUID owner) {
        return root.resolve(area.folder()).resolve(owner.toString());
    }

    private Path folder(FileKey key) {
        return folder(key.area(), key.owner());
    }

    private Path path(FileKey key) {
        return folder(key).resolve(key.id().toString());
    }

    /** A new folder has a name, too, which has to reach the disk. */
    private void makeFolder(FileKey key) throws IOException {
        Path folder = folder(key);
        if (!Files.isDirectory(folder)) {
            FolderPermissions.makeFolder(folder);
            sync(root.resolve(key.area().folder()));
            sync(root);
        }
    }

    /** Names of files are in their folder, which has to reach the disk with them. */
    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
