package io.tailrace.migrations;

import java.sql.SQLException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.internal.sqlscript.FlywaySqlScriptException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Turns what Flyway and the driver throw into one line that says what to mend. */
final class SqlFault {
    private static final Pattern MIXED = Pattern.compile(
            "transactional and non-transactional statements.*? found at line ([0-9]+): (.*?)\\s*"
                    + "(?:\\[non-transactional])?\\s*$",
            Pattern.DOTALL);

    private SqlFault() {}

    /** SQLSTATE classes 28 (authorization) and 08 (connection) are told apart: one is a wrong setting, one a dead server. */
    static MigrationFault ofConnection(DatabaseAddress database, SQLException e) {
        String state = Objects.requireNonNullElse(e.getSQLState(), "");
        String what;
        if (state.startsWith("28")) {
            what = "wrong user or password: ";
        } else if (state.startsWith("08")) {
            what = "no PostgreSQL answers there: ";
        } else {
            what = "";
        }
        return new MigrationFault(database + ": " + what + Objects.requireNonNullElse(e.getMessage(), state), e);
    }

    /**
     * What Flyway says in one line.
     *
     * @param file the file that was to be applied when it was thrown, for what Flyway says without a name
     */
    static MigrationFault of(FlywayException e, String file) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof FlywaySqlScriptException script && script.getCause() instanceof SQLException sql) {
                return ofStatement(script, sql);
            }
        }
        String message = Objects.requireNonNullElse(e.getMessage(), e.toString());
        Matcher mixed = MIXED.matcher(message);
        if (mixed.find()) {
            return new MigrationFault(
                    file + ": it mixes statements in and out of transactions; put the one in line " + mixed.group(1)
                            + ", which cannot be together with those before it, into a file of its own: "
                            + mixed.group(2),
                    e);
        }
        return new MigrationFault(message, e);
    }

    /** The last part of a path or a resource name. */
    static String fileName(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    private static MigrationFault ofStatement(FlywaySqlScriptException script, SQLException sql) {
        int line = script.getLineNumber();
        String message = Objects.requireNonNullElse(sql.getMessage(), "");
        ServerErrorMessage server = sql instanceof PSQLException p ? p.getServerErrorMessage() : null;
        if (server != null) {
            message = server.getMessage()
                    + (server.getDetail() == null ? "" : " (" + server.getDetail() + ")")
                    + (server.getHint() == null ? "" : " (" + server.getHint() + ")");
            line += lineBreaksBefore(script.getStatement(), server.getPosition());
        }
        String file = script.getResource() == null
                ? "?"
                : fileName(script.getResource().getRelativePath());
        return new MigrationFault(file + ":" + line + ": " + message, script);
    }

    /** The server counts characters of the statement from 1; 0 stands for "no position". */
    private static int lineBreaksBefore(String statement, int position) {
        return (int) statement
                .substring(0, Math.clamp(position - 1L, 0, statement.length()))
                .chars()
                .filter(c -> c == '\n')
                .count();
    }
}
