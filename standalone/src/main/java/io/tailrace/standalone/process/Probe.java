package io.tailrace.standalone.process;

/** Asks a server, in its own protocol, whether it can do its work. */
@FunctionalInterface
public interface Probe {
    /** Asks for nothing: whoever is started is ready. */
    Probe NONE = () -> true;

    /**
     * Whether it can. Returns within a few seconds.
     *
     * @throws Exception if it cannot be reached, which is the same as false
     */
    boolean isReady() throws Exception;
}
