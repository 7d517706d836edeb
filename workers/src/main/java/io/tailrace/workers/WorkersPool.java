package io.tailrace.workers;

/** The pools of connections to PostgreSQL; {@code workers.yml} has their settings. */
public final class WorkersPool {
    /** The one that the types of jobs share. */
    public static final String NAME = "workers";

    /** That of bridges, of which each metric stores each of its steps: other jobs must not wait for them. */
    public static final String BRIDGES = "bridges";

    private WorkersPool() {}
}
