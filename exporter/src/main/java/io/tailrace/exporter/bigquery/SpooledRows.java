package io.tailrace.exporter.bigquery;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the rows of a segment in parts, from any row on. Confined to one thread. */
final class SpooledRows implements AutoCloseable {
    private final Path file;
    private final Segment segment;
    private DataInputStream in;
    private long next;

    SpooledRows(Path file, Segment segment) throws IOException {
        this.file = file;
        this.segment = segment;
        this.in = open();
    }

    private DataInputStream open() throws IOException {
        DataInputStream opened = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
        opened.skipNBytes(Spool.HEADER);
        return opened;
    }

    /** The rows of an append that begins with a row; none if that is behind the last one. */
    List<ByteString> from(long row) throws IOException {
        if (row < next) {
            in.close();
            in = open();
            next = 0;
        }
        for (; next < row; next++) {
            in.skipNBytes(in.readInt());
        }
        List<ByteString> rows = new ArrayList<>();
        for (long bytes = 0; next < segment.rows() && bytes < segment.appendBytes(); next++) {
            byte[] each = new byte[in.readInt()];
            in.readFully(each);
            rows.add(ByteString.copyFrom(each));
            bytes += each.length;
        }
        return rows;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
