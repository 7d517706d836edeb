package io.tailrace.edge.http;

import org.jspecify.annotations.Nullable;

/** A connection with a stream, as it is counted among those of this edge. */
public interface SlotHolder {
    /** In whose name it is counted, or null. */
    @Nullable
    String address();

    /** Makes room for a newer stream. May be called from any thread. */
    void closeAsOldest();
}
