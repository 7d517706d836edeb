package io.tailrace.standalone.process;

/** A server that runs as a child process. */
public interface Server {
    /** Its name. */
    String name();

    /** Where it listens. */
    int port();

    /**
     * Makes its files ready, unpacks and initialises what is missing. Called before every start.
     *
     * @param progress told what takes long
     * @return how to start it
     */
    Launch prepare(Unit.Progress progress) throws Exception;

    /** Whether it can do its work. */
    Probe probe();
}
