package io.tailrace.backends;

/** A server that may lose everything. Thread-safe. */
public interface ErasableServer extends Server {
    /** Takes all its data from it; only while it is stopped. */
    void erase();
}
