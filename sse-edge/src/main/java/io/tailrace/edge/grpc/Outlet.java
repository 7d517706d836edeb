package io.tailrace.edge.grpc;

import java.util.concurrent.Future;

/** Where responses go. Called on the event loop of the stream only. */
interface Outlet {
    /** Whether gRPC holds less for the client than one may have. */
    boolean hasRoom();

    /**
     * Sends a response.
     *
     * @param response where it is; may be written again after this
     * @param length how many bytes
     */
    void send(byte[] response, int length);

    /** Whether gRPC holds nothing for the client, and the log has nothing that the stream has not appended. */
    boolean isDone();

    /** Events may come again. */
    void wake();

    /** Everything was told: the call ends with OK behind it. */
    void finish();

    /** Runs something on the event loop, if the call is still open then. To be cancelled when nothing is sent any more. */
    Future<?> after(long delayMs, Runnable task);
}
