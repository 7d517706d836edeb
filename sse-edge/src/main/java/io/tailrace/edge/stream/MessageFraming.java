package io.tailrace.edge.stream;

import io.tailrace.edge.window.Batch;
import org.jspecify.annotations.Nullable;

/** How frames of streams are written that are not {@code text/event-stream}. All of it appends to the stream's sink. */
sealed interface MessageFraming permits MessageWriter, ResponseWriter {
    /**
     * Appends an event, or the first part of it.
     *
     * @param now how many bytes of what lies from {@link #start} to {@link #end}
     * @return the cursor that goes with the last part, if this is not the last one; null if none does
     */
    byte @Nullable [] event(Lane lane, Batch batch, int position, int now);

    /** Appends the next {@code now} of the bytes that are left of an event. */
    void goOn(EventStream stream, BegunFrame frame, Batch batch, int position, int now);

    /** Where the part of an event starts that may be split: in the batch, or in what has to stand for it. */
    int start(Batch batch, int position);

    /** Where that part ends. */
    int end(Batch batch, int position);

    /** Appends a message of the edge's own; its parameters are those of {@link FrameWriter#control}. */
    void control(EventStream stream, String type, String data, boolean withId, long retryMs);

    /** Appends a message that only moves the client's cursor. */
    void idOnly(EventStream stream);

    /** Appends what keeps the connection alive. */
    void ping(EventStream stream);

    /** Says the end of a stream; nothing may be appended after it. */
    void close(EventStream stream, CloseReason reason);
}
