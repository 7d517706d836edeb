package io.tailrace.ingest.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestPostgres;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class SessionLocksTest {
    private static final TestPostgres DATABASE = TestPostgres.create();
    private static final TestIngest SERVER = TestIngest.start(Map.of("tailrace.postgres.url", DATABASE.url()));
    private static final String OWN =
            " from pg_stat_activity where datname = current_database()" + " and application_name = 'ingest-api lock'";

    private final SessionLocks locks = SERVER.bean(SessionLocks.class);

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void one_does_the_work_and_whoever_comes_meanwhile_does_not_and_no_transaction_is_open() {
        Optional<List<String>> states = locks.holding(1, () -> {
            assertThat(locks.holding(1, () -> "twice")).isEmpty();
            assertThat(locks.holding(2, () -> "other work")).hasValue("other work");
            return DATABASE.column(
                    "select state || coalesce(backend_xmin::text, '')" + OWN + " and query like '%lock%'");
        });

        assertThat(states.orElseThrow()).containsOnly("idle");
        assertThat(locks.holding(1, () -> "afterwards")).hasValue("afterwards");
    }

    @Test
    void the_lock_of_a_connection_that_ends_is_free() {
        Optional<String> again = locks.holding(3, () -> {
            assertThat(DATABASE.column("select pg_terminate_backend(pid)" + OWN))
                    .isNotEmpty();
            return locks.holding(3, () -> "somebody else").orElseThrow();
        });

        assertThat(again).hasValue("somebody else");
    }
}
