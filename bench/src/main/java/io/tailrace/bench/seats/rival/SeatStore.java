package io.tailrace.bench.seats.rival;

import java.sql.SQLException;

/** A way to decide who gets seats. Thread-safe; blocks. */
interface SeatStore {
    /** Holds all seats or none; whether it did. The same hold again gives the same answer. */
    boolean hold(Holding holding) throws SQLException;
}
