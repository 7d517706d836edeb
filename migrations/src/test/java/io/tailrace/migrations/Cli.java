package io.tailrace.migrations;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * One run of the command line.
 *
 * @param exitCode what the process would exit with
 * @param out what it printed
 * @param err what it complained about
 */
record Cli(int exitCode, String out, String err) {
    static Cli run(DatabaseAddress database, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Map<String, String> environment = Map.of(
                "TAILRACE_POSTGRES_URL", database.url(),
                "TAILRACE_POSTGRES_USER", database.user(),
                "TAILRACE_POSTGRES_PASSWORD", database.password());
        int exitCode = Main.run(environment, new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new Cli(exitCode, out.toString(), err.toString());
    }

    static void write(Path file, String sql) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, sql);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
