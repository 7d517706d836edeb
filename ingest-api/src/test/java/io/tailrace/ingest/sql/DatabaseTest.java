package io.tailrace.ingest.sql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestPostgres;
import io.tailrace.kit.problem.ProblemException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class DatabaseTest {
    private final Database database = TestIngest.shared().bean(Database.class);

    @Test
    void a_connection_that_broke_between_two_uses_is_the_database_away() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestPostgres.shared().url());
        config.setUsername("postgres");
        try (HikariDataSource pool = new HikariDataSource(config)) {
            Connection closed = pool.getConnection();
            closed.close();

            assertThatThrownBy(() -> database.call(() -> readOnly(closed)))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("The database is away");
        }
    }

    @Test
    void a_wrong_query_is_not_the_database_away() {
        IllegalStateException wrong = new IllegalStateException(new SQLException("no such column", "42703"));

        assertThatThrownBy(() -> database.call(() -> {
                    throw wrong;
                }))
                .isSameAs(wrong);
    }

    private static boolean readOnly(Connection connection) {
        try {
            connection.setReadOnly(false);
            return true;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
