package io.tailrace.edge.stream;

/**
 * One connection, as a {@link StreamLoop} sees it. Called only on the thread of its loop. Nothing that is called here may
 * call back into the loop's {@code turn}; calling {@link StreamLoop#onWritable} and {@link StreamLoop#onDisconnected}
 * from inside is allowed, because they only take a note.
 */
public interface StreamSink {
    /**
     * Whether more may be appended. It takes what was appended since the last flush into account, so that its limit
     * bounds what one connection holds in memory. Once it was false, the driver calls {@link StreamLoop#onWritable} when
     * it is true again. It calls that as well when {@link #pendingBytes} was above 0 after a flush and has come to 0.
     */
    boolean isWritable();

    /**
     * Copies bytes to the end of what the next {@link #flush()} sends. Never refuses: control frames, heartbeats and ids
     * are appended to a sink that is not writable too, each bounded.
     *
     * @param bytes where they are; shared, and valid only until this returns
     * @param from index of the first
     * @param length how many
     */
    void append(byte[] bytes, int from, int length);

    /**
     * As {@link #append}, of bytes that other streams are sent as well, so that a sink may do without a copy of its own.
     *
     * @param bytes where they are; they do not change any more
     */
    default void appendShared(byte[] bytes, int from, int length) {
        append(bytes, from, length);
    }

    /** Sends what was appended in one write. Called at most once per turn, and only if something was appended. */
    void flush();

    /**
     * Bytes that were appended and that the transport has not taken yet. The loop looks at it a few times per stall
     * timeout to tell a slow reader (it changes) from one that has stopped reading.
     */
    long unsentBytes();

    /**
     * Bytes that were appended and whose memory is not free yet, which may be more than {@link #unsentBytes}. Asked after each
     * flush, so it must not cost more than a few field reads. The only method that may be called after {@link #close}, until
     * it has once returned 0.
     */
    long pendingBytes();

    /**
     * Says why the stream ends, to a transport that tells it by itself; what was appended goes before that. {@link #close}
     * follows. Not called for a stream whose client does not read or has vanished.
     */
    default void ending(CloseReason reason) {}

    /**
     * Ends the connection after what was appended has been sent; the driver bounds how long that may take. The loop has
     * forgotten the stream by then and does not call the sink again; {@link StreamLoop#onDisconnected} is not needed but
     * allowed.
     */
    void close();
}
