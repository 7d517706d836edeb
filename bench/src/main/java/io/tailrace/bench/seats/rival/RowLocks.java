package io.tailrace.bench.seats.rival;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;

/** {@code SELECT … FOR UPDATE}: the row of a seat is its lock. */
@Singleton
final class RowLocks implements SeatStore {
    private final SeatTables tables;

    RowLocks(SeatTables tables) {
        this.tables = tables;
    }

    @Override
    public boolean hold(Holding holding) throws SQLException {
        try (Connection connection = tables.connection()) {
            SeatTables.Look look = tables.look(connection, holding);
            if (look != SeatTables.Look.FREE) {
                return look == SeatTables.Look.MINE;
            }
            connection.setAutoCommit(false);
            try {
                boolean free = tables.lock(connection, holding);
                if (free) {
                    tables.write(connection, holding);
                    connection.commit();
                } else {
                    connection.rollback();
                }
                return free;
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }
}
