package io.tailrace.bench.seats.rival;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micronaut.context.annotation.Value;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * The tables of both, and the statements that both need. One index entry a row, rows that can be changed in place
 * (fillfactor), prepared statements, a pool of a few connections, and commits that do not wait for the disk: an
 * acknowledgement of one Kafka broker does not either. Thread-safe.
 */
@Singleton
final class SeatTables {
    private static final String[] DDL = {
        "create table if not exists rival_seats(show_id uuid, seat text, state smallint not null default 0,"
                + " reservation uuid, expires_at timestamptz, primary key (show_id, seat)) with (fillfactor = 50)",
        "create table if not exists rival_reservations(id uuid primary key, show_id uuid not null, user_id text not"
            + " null, seats text[] not null, state text not null, expires_at timestamptz not null) with (fillfactor ="
            + " 70)"
    };
    private static final String TAKEN = "(state = 2 or state = 1 and expires_at > now())";
    private static final String LOOK =
            "select exists (select 1 from rival_reservations where id = ?), count(*) filter (where " + TAKEN
                    + "), count(*) from rival_seats where show_id = ? and seat = any(?)";
    private static final String LOCK =
            "select " + TAKEN + " from rival_seats where show_id = ? and seat = any(?) order by seat for update";
    private static final String WRITE = "with r as (insert into rival_reservations values (?, ?, ?, ?, 'held',"
            + " now() + make_interval(secs => ?)) returning id, expires_at) update rival_seats s set state = 1,"
            + " reservation = r.id, expires_at = r.expires_at from r where s.show_id = ? and s.seat = any(?)";
    private static final String STEP = "with r as (update rival_reservations set state = ? where id = ? and user_id ="
        + " ? and state = 'held' and expires_at > now() returning id, show_id, seats) update rival_seats s set state ="
        + " ? from r where s.show_id = r.show_id and s.seat = any(r.seats) and s.reservation = r.id";

    private final HikariDataSource pool;

    /** What a look at seats says. */
    enum Look {
        FREE,
        MINE,
        TAKEN
    }

    SeatTables(
            @Value("${tailrace.postgres.url}") String url,
            @Value("${tailrace.postgres.user}") String user,
            @Value("${tailrace.postgres.password}") String password,
            @Value("${rival.pool:8}") int connections)
            throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(30_000);
        config.setConnectionInitSql("set synchronous_commit = off");
        config.addDataSourceProperty("prepareThreshold", "2");
        config.addDataSourceProperty("ApplicationName", "rival");
        pool = new HikariDataSource(config);
        try (Connection connection = pool.getConnection();
                var statement = connection.createStatement()) {
            for (String ddl : DDL) {
                statement.execute(ddl);
            }
        }
    }

    Connection connection() throws SQLException {
        return pool.getConnection();
    }

    void create(UUID show, List<String> seats) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into rival_seats(show_id, seat) select ?, unnest(?::text[])")) {
            insert.setObject(1, show);
            insert.setArray(2, connection.createArrayOf("text", seats.toArray()));
            insert.executeUpdate();
        }
    }

    /** Looks without a lock: most of those who come late are answered by this alone. */
    Look look(Connection connection, Holding holding) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOOK)) {
            statement.setObject(1, holding.id());
            statement.setObject(2, holding.show());
            statement.setArray(3, connection.createArrayOf("text", holding.names()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    return Look.MINE;
                }
                return row.getInt(2) > 0 || row.getInt(3) < holding.seats().size() ? Look.TAKEN : Look.FREE;
            }
        }
    }

    /** Locks the rows in one order, and says whether all are free. In a transaction. */
    boolean lock(Connection connection, Holding holding) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setObject(1, holding.show());
            statement.setArray(2, connection.createArrayOf("text", holding.names()));
            boolean free = true;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    free &= !rows.getBoolean(1);
                }
            }
            return free;
        }
    }

    /** Writes a hold; whoever calls has the lock. */
    void write(Connection connection, Holding holding) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            var names = connection.createArrayOf("text", holding.names());
            statement.setObject(1, holding.id());
            statement.setObject(2, holding.show());
            statement.setString(3, holding.user());
            statement.setArray(4, names);
            statement.setInt(5, holding.seconds());
            statement.setObject(6, holding.show());
            statement.setArray(7, names);
            statement.executeUpdate();
        }
    }

    /** Confirms or releases one's own hold, in one statement; whether it could be. */
    boolean step(UUID reservation, String user, boolean confirm) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(STEP)) {
            statement.setString(1, confirm ? "confirmed" : "released");
            statement.setObject(2, reservation);
            statement.setString(3, user);
            statement.setInt(4, confirm ? 2 : 0);
            return statement.executeUpdate() > 0;
        }
    }

    @PreDestroy
    void close() {
        pool.close();
    }
}
