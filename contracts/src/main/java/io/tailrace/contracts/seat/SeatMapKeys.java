package io.tailrace.contracts.seat;

import java.util.UUID;

/**
 * How seat maps are kept in Redis: names only. The projections write, whoever answers reads.
 *
 * <p>For each partition of the topic of the channels of shows there is one hash, {@link #partition}, that says which
 * generation of the topic it was made from, up to which offset, and of each show which offset its own hash stands for. For
 * each show of which a seat was ever taken there is one hash, {@link #show}, of the seats that are not free. The two are
 * written and read together, atomically: a hash of a show that was lost is noticed, because the partition's says that there
 * must be one. All keys of a partition have one hash tag, so that they are in one slot of a cluster.
 */
public final class SeatMapKeys {
    /** Of a partition: the Kafka topic id. */
    public static final String GENERATION = "generation";

    /** Of a partition and of a show: the offset after the last record that is applied. */
    public static final String NEXT = "next";

    /** Of a partition: there, and {@code 1}, once the copy has come near the log's end. */
    public static final String READY = "ready";

    private SeatMapKeys() {}

    /** The key of a partition's hash. */
    public static String partition(int partition) {
        return "tailrace:seats:{" + partition + "}";
    }

    /** The key of a show's hash: a field for each seat that is not free, {@code held} or {@code confirmed}. */
    public static String show(int partition, UUID showId) {
        return partition(partition) + ":" + showId;
    }

    /** The field of a partition's hash that says which offset the show's hash stands for. */
    public static String mark(UUID showId) {
        return "show:" + showId;
    }
}
