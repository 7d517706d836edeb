package io.tailrace.edge.stream;

/**
 * One open stream: the handle that a driver holds. It belongs to the loop that opened it and is used only on that
 * loop's thread.
 */
public final class EventStream {
    final StreamPlan plan;
    final StreamSink sink;

    EventStream(StreamPlan plan, StreamSink sink) {
        this.plan = plan;
        this.sink = sink;
    }

    /** Its name towards the client. */
    public String connectionId() {
        return plan.connectionId();
    }

    /** The connection that it writes to. */
    public StreamSink sink() {
        return sink;
    }
}
