package io.tailrace.edge.grpc;

import com.google.protobuf.ByteString;
import io.tailrace.grpc.channels.v1.Frame;
import org.jspecify.annotations.Nullable;

/** Puts the parts of a large event together. Not thread-safe. */
final class PartJoin {
    private ByteString joined = ByteString.EMPTY;
    private String type = "";

    /** The frame that a part completes; a frame that is no part is whole; null if more parts follow. */
    @Nullable
    Frame join(Frame part) {
        if (part.getPart().isEmpty()) {
            return part;
        }
        if (joined.isEmpty()) {
            type = part.getType();
        }
        joined = joined.concat(part.getPart());
        if (part.getMore()) {
            return null;
        }
        Frame whole = Frame.newBuilder()
                .setType(type)
                .setData(joined.toStringUtf8())
                .setCursor(part.getCursor())
                .build();
        joined = ByteString.EMPTY;
        return whole;
    }
}
