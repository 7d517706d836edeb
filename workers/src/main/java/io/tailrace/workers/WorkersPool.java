package io.tailrace.workers;

/** The pool of connections to PostgreSQL that the types of jobs share; {@code workers.yml} has its settings. */
public final class WorkersPool {
    /** Its name. */
    public static final String NAME = "workers";

    private WorkersPool() {}
}
