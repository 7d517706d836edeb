package io.tailrace.standalone.telemetry;

/**
 * What a machine counts, at one moment.
 *
 * @param atNs when, by {@link System#nanoTime()}: rates are of the time that passed, whatever is done to the clock
 * @param busyTicks processor time that was used, any unit
 * @param allTicks processor time that there was, the same unit
 * @param memoryUsed bytes
 * @param memoryTotal bytes
 * @param diskUsed bytes, all file systems
 * @param diskTotal bytes
 * @param diskTransferred bytes read and written since the machine started
 * @param networkTransferred bytes sent and received since the machine started
 */
public record Counters(
        long atNs,
        long busyTicks,
        long allTicks,
        long memoryUsed,
        long memoryTotal,
        long diskUsed,
        long diskTotal,
        long diskTransferred,
        long networkTransferred) {}
