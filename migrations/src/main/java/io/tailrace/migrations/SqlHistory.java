package io.tailrace.migrations;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/**
 * A place with SQL files and the table of a database that remembers which of them were applied. Two processes may call
 * {@link #up} at the same time: one waits for the other.
 */
final class SqlHistory {
    private final Database database;
    private final Flyway flyway;

    /**
     * A history over files.
     *
     * @param database the database; it is not connected to yet
     * @param location {@code classpath:package/path} or {@code filesystem:/folder}
     * @param table the table that remembers what was applied; made when it is missing
     */
    SqlHistory(Database database, String location, String table) {
        this.database = database;
        this.flyway = Flyway.configure(SqlHistory.class.getClassLoader())
                .dataSource(database.url(), database.user(), database.password())
                .locations(location)
                .table(table)
                // The schema and the seeds share a database: tables of the other one are no reason to refuse.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .loggers(SilentLog.class.getName())
                .validateMigrationNaming(true)
                .failOnMissingLocations(true)
                // SQL is data here: "${x}" in a text stands for itself.
                .placeholderReplacement(false)
                // With a lock held in a transaction, "create index concurrently" would wait for itself for ever.
                .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                .load();
    }

    /**
     * Applies what is not applied yet, each file in a transaction of its own.
     *
     * @throws MigrationFault if the database cannot be reached, an applied file has changed or a file fails; files
     *     before the one that fails stay applied
     */
    List<AppliedFile> up() {
        String faults = status().stream()
                .filter(FileStatus::isFault)
                .map(FileStatus::fault)
                .collect(Collectors.joining("; "));
        if (!faults.isEmpty()) {
            throw new MigrationFault(faults);
        }
        try {
            return flyway.migrate().migrations.stream()
                    .map(m -> new AppliedFile(SqlFault.fileName(m.filepath), m.executionTime))
                    .toList();
        } catch (FlywayException e) {
            throw SqlFault.of(e);
        }
    }

    /**
     * What was applied and what is pending, in order.
     *
     * @throws MigrationFault if the database cannot be reached or a file's name is not of the form
     */
    List<FileStatus> status() {
        requireConnection();
        try {
            return Arrays.stream(flyway.info().all())
                    .filter(info -> !info.getType().isBaseline())
                    .map(SqlHistory::status)
                    .toList();
        } catch (FlywayException e) {
            throw SqlFault.of(e);
        }
    }

    private static FileStatus status(MigrationInfo info) {
        Date at = info.getInstalledOn();
        return new FileStatus(info.getScript(), state(info), at == null ? null : at.toInstant());
    }

    private static FileStatus.State state(MigrationInfo info) {
        MigrationState state = info.getState();
        if (state.isFailed()) {
            return FileStatus.State.FAILED;
        }
        if (!state.isResolved()) {
            return FileStatus.State.MISSING;
        }
        if (!state.isApplied()) {
            return state == MigrationState.IGNORED ? FileStatus.State.SKIPPED : FileStatus.State.PENDING;
        }
        return info.isChecksumMatching() ? FileStatus.State.APPLIED : FileStatus.State.CHANGED;
    }

    /** Asked before Flyway asks: it hides the server's answer in a paragraph of advice. */
    private void requireConnection() {
        try (Connection connection =
                DriverManager.getConnection(database.url(), database.user(), database.password())) {
            if (!connection.isValid(10)) {
                throw new MigrationFault(database + ": the server accepts connections but does not answer");
            }
        } catch (SQLException e) {
            throw SqlFault.ofConnection(database, e);
        }
    }
}
