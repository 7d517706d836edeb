package io.tailrace.ingest.seat;

import java.util.Map;

/**
 * The seats of a show that are not free, and where in the log of its channel that is true.
 *
 * @param nextOffset the offset after the last record of the partition that is in it
 * @param generation the Kafka topic id, as text
 * @param states by seat, {@code held} or {@code confirmed}
 */
record TakenSeats(long nextOffset, String generation, Map<String, String> states) {}
