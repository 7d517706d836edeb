package io.tailrace.migrations;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;

/**
 * A place with SQL files and the table of a database that remembers which of them were applied. Two processes may call
 * {@link #up} at the same time: one waits for the other.
 */
final class SqlHistory {
    private static final MigrationVersion ZERO = MigrationVersion.fromVersion("0");

    private final DatabaseAddress database;
    private final String table;
    private final String command;
    private final Flyway flyway;

    /**
     * A history over files.
     *
     * @param database the database; it is not connected to yet
     * @param location {@code classpath:package/path} or {@code filesystem:/folder}
     * @param table the table that remembers what was applied; made when it is missing
     * @param command what a person runs for it, up to the name of the folder: {@code ./tailrace migrate -dir migrations}
     */
    SqlHistory(DatabaseAddress database, String location, String table, String command) {
        this.database = database;
        this.table = table;
        this.command = command;
        this.flyway = Flyway.configure(SqlHistory.class.getClassLoader())
                .dataSource(database.url(), database.user(), database.password())
                .locations(location)
                .table(table)
                // The schema and the seeds share a database: tables of the other one are no reason to refuse.
                .baselineOnMigrate(true)
                .baselineVersion(ZERO)
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
        String faults =
                status().stream().filter(FileStatus::isFault).map(this::fault).collect(Collectors.joining("; "));
        if (!faults.isEmpty()) {
            throw new MigrationFault(faults);
        }
        try {
            return flyway.migrate().migrations.stream()
                    .map(m -> new AppliedFile(SqlFault.fileName(m.filepath), m.executionTime))
                    .toList();
        } catch (FlywayException e) {
            throw stopped(e);
        }
    }

    /**
     * Forgets which files failed half-way outside a transaction, and nothing else: unlike Flyway's command of this name
     * it takes no changed file for the applied one.
     *
     * @return the names of those files, in the order in which they failed; empty if there is none
     * @throws MigrationFault if the database cannot be reached
     */
    List<String> repair() {
        try (Connection connection = connect()) {
            List<String> files = new ArrayList<>();
            try (PreparedStatement exists = connection.prepareStatement("select to_regclass(?)")) {
                exists.setString(1, table);
                try (ResultSet row = exists.executeQuery()) {
                    if (!row.next() || row.getString(1) == null) {
                        return List.of();
                    }
                }
            }
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("with failed as (delete from " + table
                            + " where not success returning installed_rank, script) select script from failed order by"
                            + " installed_rank")) {
                while (rows.next()) {
                    files.add(SqlFault.fileName(rows.getString(1)));
                }
            }
            return files;
        } catch (SQLException e) {
            throw SqlFault.ofConnection(database, e);
        }
    }

    /** What is wrong with a file, and what to do. */
    String fault(FileStatus file) {
        return file.fault(command);
    }

    /** What stopped {@link #up}, and what it has left behind. Files are applied one after the other. */
    private MigrationFault stopped(FlywayException e) {
        List<FileStatus> files = status();
        MigrationFault fault = SqlFault.of(
                e,
                files.stream()
                        .filter(file -> file.state() == FileStatus.State.PENDING)
                        .map(FileStatus::file)
                        .findFirst()
                        .orElse("?"));
        return files.stream()
                .filter(file -> file.state() == FileStatus.State.FAILED)
                .findFirst()
                .map(file -> new MigrationFault(fault.getMessage() + "; " + fault(file), e))
                .orElse(fault);
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
            throw SqlFault.of(e, "?");
        }
    }

    private static FileStatus status(MigrationInfo info) {
        Date at = info.getInstalledOn();
        return new FileStatus(info.getScript(), state(info), at == null ? null : at.toInstant());
    }

    private static FileStatus.State state(MigrationInfo info) {
        return switch (info.getState()) {
            case FAILED, MISSING_FAILED, FUTURE_FAILED -> FileStatus.State.FAILED;
            case FUTURE_SUCCESS -> FileStatus.State.NEWER;
            case MISSING_SUCCESS, DELETED -> FileStatus.State.MISSING;
            case IGNORED -> FileStatus.State.SKIPPED;
            // Also in an empty database, where Flyway would apply it: or databases would differ from each other.
            case PENDING, ABOVE_TARGET, AVAILABLE, UNDONE ->
                isZero(info) ? FileStatus.State.ZERO : FileStatus.State.PENDING;
            case BELOW_BASELINE, BASELINE_IGNORED -> isZero(info) ? FileStatus.State.ZERO : FileStatus.State.BASELINE;
            case SUCCESS, OUT_OF_ORDER, BASELINE, OUTDATED, SUPERSEDED ->
                info.isChecksumMatching() ? FileStatus.State.APPLIED : FileStatus.State.CHANGED;
        };
    }

    private static boolean isZero(MigrationInfo info) {
        return info.getVersion() != null && info.getVersion().compareTo(ZERO) == 0;
    }

    /** Asked before Flyway asks: it hides the server's answer in a paragraph of advice. */
    private void requireConnection() {
        try (Connection connection = connect()) {
            if (!connection.isValid(10)) {
                throw new MigrationFault(database + ": the server accepts connections but does not answer");
            }
        } catch (SQLException e) {
            throw SqlFault.ofConnection(database, e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }
}
