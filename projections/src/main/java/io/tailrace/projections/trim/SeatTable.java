package io.tailrace.projections.trim;

/**
 * The tables with rows of shows, in the order in which they are emptied: a request whose decision is gone would look as if it were
 * still to be decided, so requests go first.
 */
enum SeatTable {
    /** What was asked for. */
    HOLD_REQUESTS("hold_requests", "id"),
    /** What was decided. */
    RESERVATIONS("reservations", "id"),
    /** What was sold. */
    CONFIRMED_SEATS("confirmed_seats", "show_id, seat"),
    /** The seat maps. */
    TAKEN_SEATS("taken_seats", "show_id, seat");

    private final String table;
    private final String key;

    SeatTable(String table, String key) {
        this.table = table;
        this.key = key;
    }

    /** The name of the table. */
    String table() {
        return table;
    }

    /** The statement that deletes rows: of an array of shows, at most so many. */
    String delete() {
        return "delete from " + table + " where (" + key + ") in (select " + key + " from " + table
                + " where show_id = any(?) limit ? for update skip locked)";
    }
}
