package io.tailrace.kit.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Locks between the processes that share a folder: ranges of one byte of the file {@code locks}, which has none. Thread-safe.
 *
 * <p>On POSIX systems a process loses all its locks on a file when it closes any descriptor of it. So this file is opened once in a process, is
 * never closed, and nothing else opens it.
 */
final class RangeLocks {
    private static final ConcurrentMap<Path, FileChannel> CHANNELS = new ConcurrentHashMap<>();

    /** Some systems count places with a sign. */
    private static final long MAX_PLACE = Long.MAX_VALUE >>> 1;

    private RangeLocks() {}

    /**
     * Takes the lock on a file's id; its end is that of what is returned, or of the process.
     *
     * @param root of the store
     * @throws FileBusyException if somebody has it, in this process or another
     */
    static Closeable take(Path root, FileKey key) throws IOException {
        FileLock lock;
        try {
            lock = channel(root).tryLock(place(key), 1, false);
        } catch (OverlappingFileLockException e) {
            throw new FileBusyException(key);
        }
        if (lock == null) {
            throw new FileBusyException(key);
        }
        return lock::release;
    }

    /** Two files at one place would only wait for each other. */
    private static long place(FileKey key) {
        long mixed = key.id().getMostSignificantBits() * 31 + key.id().getLeastSignificantBits();
        return (mixed ^ key.owner().getLeastSignificantBits()) & MAX_PLACE;
    }

    private static FileChannel channel(Path root) throws IOException {
        FolderPermissions.makeFolder(root);
        try {
            return CHANNELS.computeIfAbsent(root.toRealPath().resolve("locks"), RangeLocks::open);
        } catch (UncheckedIOException e) {
            throw new IOException("the locks of " + root, e);
        }
    }

    private static FileChannel open(Path file) {
        try {
            return FolderPermissions.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
