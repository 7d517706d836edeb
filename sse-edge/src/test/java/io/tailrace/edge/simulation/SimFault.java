package io.tailrace.edge.simulation;

/** What a sink throws on purpose: an error, as a lack of direct memory is one. */
final class SimFault extends Error {
    private static final long serialVersionUID = 1;

    SimFault(String where) {
        super(where);
    }
}
