package io.tailrace.edge.grpc;

/**
 * How what a stream appends becomes the responses of a method: frames of {@code SubscribeResponse}, in the order in which they are to be told.
 * Called on the event loop of the stream only.
 */
interface Responses {
    /** The stream is about to be opened. */
    void begin(Outlet outlet);

    /** Whether more events may come. Once it was false, {@link Outlet#wake} says when it is true again. */
    boolean hasRoom();

    /**
     * Sends, or keeps, what was appended.
     *
     * @param frames where the frames are; not to be kept
     * @param length how many bytes
     */
    void frames(byte[] frames, int length);

    /** gRPC has handed on what it held. */
    void ready();

    /** Bytes that are kept and that were not sent. */
    long keptBytes();

    /** Nothing is sent any more. */
    void end();
}
