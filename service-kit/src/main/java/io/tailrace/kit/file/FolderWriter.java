package io.tailrace.kit.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of a {@link FolderStore}. */
final class FolderWriter implements FileWriter {
    private final FileChannel channel;

    private FolderWriter(FileChannel channel) {
        this.channel = channel;
    }

    static FolderWriter open(Path path) throws IOException {
        FileChannel channel = FolderPermissions.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            channel.position(channel.size());
            return new FolderWriter(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        writeAll(channel, bytes, offset, length);
    }

    static void writeAll(FileChannel channel, byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void sync() throws IOException {
        channel.force(false);
    }

    @Override
    public void truncate(long size) throws IOException {
        if (channel.size() < size) {
            throw new EOFException("the file has " + channel.size() + " bytes, expected at least " + size);
        }
        channel.truncate(size);
        channel.position(size);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
