package io.tailrace.kit.consume;

/** Copies the log somewhere until it is told to stop. Run by one thread; the other methods may be called from any. */
public interface Loop extends Runnable {
    /** Names it in threads, health and numbers. */
    String name();

    /** How it is now. */
    Condition condition();

    /** Ends {@link #run()} soon: after the write under way. */
    void stop();
}
