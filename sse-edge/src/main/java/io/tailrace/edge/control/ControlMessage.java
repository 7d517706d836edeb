package io.tailrace.edge.control;

/**
 * What is wanted of streams, on whichever edge they are: the data of an event of the control topic. Every edge reads all
 * messages in the same order, which is the order in which they are obeyed.
 */
sealed interface ControlMessage permits StreamChange, Disconnect {
    /** The type of the event that carries it. */
    String type();

    /** What it is about; the key of its record. */
    String key();
}
