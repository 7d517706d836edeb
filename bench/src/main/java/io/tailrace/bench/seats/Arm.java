package io.tailrace.bench.seats;

import io.tailrace.bench.seats.http.Requests;

/**
 * One of the things that are compared.
 *
 * @param name for the table
 * @param origin where it answers
 * @param requests how it is asked
 * @param cpu the processes that work for it
 */
record Arm(String name, String origin, Requests requests, Cpu cpu) {
    /** CPU seconds until now. */
    @FunctionalInterface
    interface Cpu {
        double seconds() throws Exception;
    }
}
