package io.tailrace.backends;

/** A backend at one port, which can be away for a while. Thread-safe. */
public interface Server extends AutoCloseable {
    /** {@code host:port}, the same after every start. */
    String address();

    /** Ends it; nothing answers at its address when this returns. No effect if it has ended. */
    void stop();

    /** Starts it again with the data it kept, and returns when it answers. No effect if it runs. */
    void start();

    /** Ends it for good and deletes its data. */
    @Override
    void close();
}
