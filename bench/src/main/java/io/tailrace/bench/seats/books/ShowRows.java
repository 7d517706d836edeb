package io.tailrace.bench.seats.books;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What PostgreSQL has of a show.
 *
 * @param url where it is
 * @param user its role
 * @param password of the role
 */
public record ShowRows(String url, String user, String password) {
    private static final String RESERVATIONS = "select id::text, state from reservations where show_id = ?";
    private static final String CONFIRMED = "select seat, reservation_id::text from confirmed_seats where show_id = ?";
    private static final String TAKEN = "select seat, state from taken_seats where show_id = ?";

    /**
     * The rows.
     *
     * @param reservations the states by id, those that were refused among them
     * @param confirmed the reservations by seat
     * @param taken the states of the seats that are not free
     */
    record Rows(Map<String, String> reservations, Map<String, String> confirmed, Map<String, String> taken) {}

    /** Reads them. */
    Rows read(UUID show) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, password)) {
            return new Rows(
                    pairs(connection, RESERVATIONS, show),
                    pairs(connection, CONFIRMED, show),
                    pairs(connection, TAKEN, show));
        }
    }

    private static Map<String, String> pairs(Connection connection, String sql, UUID show) throws SQLException {
        Map<String, String> pairs = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, show);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    pairs.put(rows.getString(1), rows.getString(2));
                }
            }
        }
        return pairs;
    }
}
