package io.tailrace.exporter.bigquery;

import io.tailrace.kit.json.Json;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The file of a segment that is being made: the segment as JSON, filled up with spaces to {@value #HEADER} bytes, and then each row with its
 * length before it, an int. Confined to one thread.
 */
final class Spool implements AutoCloseable {
    /** Where the rows begin. */
    static final int HEADER = 8_192;

    private final Path file;
    private final DataOutputStream out;
    private long rows;

    /** A file without rows; what is there is replaced. */
    Spool(Path file) throws IOException {
        this.file = file;
        this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
        out.write(new byte[HEADER]);
    }

    void add(byte[] row) throws IOException {
        out.writeInt(row.length);
        out.write(row);
        rows++;
    }

    long rows() {
        return rows;
    }

    /** Ends the file with what it is. */
    void finish(Segment segment) throws IOException {
        out.close();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer header = ByteBuffer.wrap(header(segment));
            while (header.hasRemaining()) {
                // The position counts from the beginning of the file.
                var unused = channel.write(header, header.position());
            }
        }
    }

    /** Makes a file that says what a segment is, and has none of its rows. */
    static void withoutRows(Path file, Segment segment) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(header(segment));
        }
    }

    private static byte[] header(Segment segment) {
        byte[] json = Json.write(segment);
        if (json.length > HEADER) {
            throw new IllegalArgumentException("a segment of " + json.length + " bytes, expected at most " + HEADER);
        }
        byte[] header = Arrays.copyOf(json, HEADER);
        Arrays.fill(header, json.length, HEADER, (byte) ' ');
        return header;
    }

    /** What a file is. */
    static Segment read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Json.read(in.readNBytes(HEADER), Segment.class);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
