package io.tailrace.edge.watch;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.tailrace.grpc.series.v1.Metric;
import io.tailrace.grpc.series.v1.Point;
import io.tailrace.grpc.series.v1.QueryResponse;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code Query}, which is kept as it came, about a hundred bytes a point, and read point by point. Not thread-safe.
 */
public final class WatchedHistory {
    private static final int POINTS = QueryResponse.POINTS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private final Metric metric;
    private final String position;
    private final ArrayDeque<byte[]> parts;
    private @Nullable CodedInputStream reading;
    private long bytes;

    /**
     * An answer.
     *
     * @param parts its responses, encoded; at least one
     * @throws IllegalArgumentException if they are none
     */
    public WatchedHistory(List<byte[]> parts) {
        this.parts = new ArrayDeque<>(parts);
        this.bytes = parts.stream().mapToLong(part -> part.length).sum();
        try {
            QueryResponse first = QueryResponse.parseFrom(this.parts.getFirst());
            this.metric = first.getMetric();
            this.position = first.getPosition();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the answer of Query can't be read", e);
        }
    }

    /** The metric. */
    public Metric metric() {
        return metric;
    }

    /** The cursor of the channel at which the points are true. */
    public String position() {
        return position;
    }

    /** Bytes of what was not read yet, by whole responses. */
    public long bytes() {
        return bytes;
    }

    /** The next point; null if there is none. */
    public @Nullable Point next() {
        try {
            while (true) {
                CodedInputStream in = reading;
                if (in == null) {
                    if (parts.isEmpty()) {
                        return null;
                    }
                    in = CodedInputStream.newInstance(parts.getFirst());
                    reading = in;
                }
                int tag = in.readTag();
                if (tag == POINTS) {
                    return Point.parseFrom(in.readByteArray());
                }
                if (tag == 0) {
                    reading = null;
                    bytes -= parts.removeFirst().length;
                } else {
                    in.skipField(tag);
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("the answer of Query can't be read", e);
        }
    }
}
