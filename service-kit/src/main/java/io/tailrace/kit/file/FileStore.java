package io.tailrace.kit.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.UUID;

/**
 * Keeps files. What it was told to keep survives the end of the process and of the machine when the call returns. Thread-safe; blocks. Every
 * method throws {@link IOException} if the store is full or away.
 */
public interface FileStore {
    /**
     * Takes the lock on the files with an id, whatever their area. Nothing else asks for it: who writes a file that somebody else might write
     * takes it first. It ends when what is returned is closed, or with the process.
     *
     * @throws FileBusyException if somebody has it, in this process or another
     */
    Closeable lock(FileKey key) throws IOException;

    /** Opens a file to append to it, and makes it if there is none. */
    FileWriter write(FileKey key) throws IOException;

    /** Replaces a small file, or makes it: afterwards it is the old one or the new one, whatever happens. */
    void replace(FileKey key, byte[] content) throws IOException;

    /** Gives a file another name; does nothing if it has that name already and no longer the first. */
    void move(FileKey from, FileKey to) throws IOException;

    /**
     * Gives a file a second name without a second copy. Each name is deleted by itself, and the content goes with the last.
     *
     * @return false if the store cannot, or has no such file; then there is no second name
     */
    boolean share(FileKey existing, FileKey copy) throws IOException;

    /** How long a file is, in bytes; -1 if there is none. */
    long size(FileKey key) throws IOException;

    /**
     * Some of a file.
     *
     * @param from the first byte
     * @param length how many bytes there are to read at most
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    InputStream read(FileKey key, long from, long length) throws IOException;

    /** Deletes a file, if there is one; whether there was. */
    boolean delete(FileKey key) throws IOException;

    /** Deletes all that somebody has; how many files. */
    int deleteAll(UUID owner) throws IOException;

    /** Everybody who has a file. */
    List<UUID> owners() throws IOException;

    /** What somebody has in an area. */
    List<FileEntry> list(FileArea area, UUID owner) throws IOException;
}
