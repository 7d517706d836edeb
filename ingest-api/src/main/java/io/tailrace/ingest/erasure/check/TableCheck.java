package io.tailrace.ingest.erasure.check;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads every row of every table of PostgreSQL as text. */
final class TableCheck {
    private static final String TABLES =
            "select quote_ident(schemaname) || '.' || quote_ident(tablename), tablename from pg_tables"
                    + " where schemaname not in ('pg_catalog', 'information_schema') order by 1";

    /** Copies of shows and of decisions about seats, which keep whose they are as an id that leads nowhere. */
    private static final Set<String> OF_SEATS = Set.of("reservations", "hold_requests", "shows");

    private final String url;
    private final String user;
    private final String password;
    private final Traces traces;

    TableCheck(String url, String user, String password, Traces traces) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.traces = traces;
    }

    private record Table(String quoted, String name) {}

    List<Finding> run() throws SQLException {
        List<Finding> findings = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url, user, password)) {
            for (Table table : tables(connection)) {
                for (String text : traces.texts()) {
                    add(findings, table, count(connection, table, text), "rows with a text", false);
                }
                boolean ofSeats = OF_SEATS.contains(table.name());
                add(
                        findings,
                        table,
                        count(connection, table, traces.id()),
                        ofSeats ? "rows about shows and seats with the id, which leads nowhere" : "rows with the id",
                        ofSeats);
            }
        }
        return findings;
    }

    private static void add(List<Finding> findings, Table table, long count, String what, boolean allowed) {
        if (count > 0) {
            findings.add(new Finding("table " + table.name(), count, what, allowed));
        }
    }

    private static List<Table> tables(Connection connection) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(TABLES);
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                tables.add(new Table(rows.getString(1), rows.getString(2)));
            }
        }
        return tables;
    }

    private static long count(Connection connection, Table table, String text) throws SQLException {
        // Columns of text as they are: a row as text would quote and double some characters.
        String sql = "select count(*) from " + table.quoted()
                + " as t where exists (select from jsonb_each_text(to_jsonb(t)) as c where strpos(c.value, ?) > 0)";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, text);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }
}
