package io.tailrace.kit.file;

import java.io.Closeable;
import java.io.IOException;

/** A file that is being written. For one thread; blocks. */
public interface FileWriter extends Closeable {
    /**
     * Appends bytes.
     *
     * @throws IOException if the store is full or away; then some of them may be there
     */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /**
     * Returns when what was written survives the end of the process and of the machine.
     *
     * @throws IOException if the store cannot promise it
     */
    void sync() throws IOException;

    /**
     * Takes away what is behind {@code size} bytes; the next ones are appended there.
     *
     * @throws IOException if the file is shorter, or the store is away
     */
    void truncate(long size) throws IOException;
}
