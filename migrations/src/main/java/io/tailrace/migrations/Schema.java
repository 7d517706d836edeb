package io.tailrace.migrations;

import java.util.List;

/** The schema of Tailrace's PostgreSQL database, which travels in this jar. Thread-safe. */
public final class Schema {
    /** The table that remembers which files of the schema were applied. */
    public static final String HISTORY_TABLE = "schema_history";

    private static final String LOCATION = "classpath:io/tailrace/migrations/sql";

    /** What a person runs where this class says that there is something to run. */
    private static final String COMMAND = "./tailrace migrate -dir migrations";

    private Schema() {}

    /**
     * Brings a database up to date. Doing it again changes nothing; of several processes that do it at once, one does
     * the work and the others wait.
     *
     * @param jdbcUrl {@code jdbc:postgresql://host:port/database}; the database must exist
     * @param user a role that may create tables there
     * @param password its password
     * @return the files that were applied by this call, in order; empty if there was nothing to do
     * @throws MigrationFault in one line: the server cannot be reached or refuses us, an applied file has changed, or a
     *     file fails; files before the one that fails stay applied
     */
    public static List<AppliedFile> migrate(String jdbcUrl, String user, String password) {
        return new SqlHistory(new DatabaseAddress(jdbcUrl, user, password), LOCATION, HISTORY_TABLE, COMMAND).up();
    }
}
