package io.tailrace.dispatcher;

/** Ends the process. Called from threads that the end has to wait for, so it must return at once. */
@FunctionalInterface
public interface ProcessEnd {
    /** Ends the process with a status; what runs is stopped first. */
    void end(int status);

    /** The real end. */
    static ProcessEnd ofThisJvm() {
        return status -> Thread.ofPlatform().name("process-end").daemon().start(() -> System.exit(status));
    }
}
