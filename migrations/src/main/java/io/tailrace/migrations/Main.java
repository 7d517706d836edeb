package io.tailrace.migrations;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The migration command line. Exit codes: 0 done, 1 a fault or (with {@code --check}) something pending, 2 wrong usage. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(create | up | status | repair)",
        description = "Applies SQL files to PostgreSQL, each once and in order.")
public final class Main {
    private final PrintWriter out;

    @Option(
            names = {"-dir", "--dir"},
            required = true,
            paramLabel = "DIR",
            description =
                    "Folder, for example migrations or seeds. The SQL is in DIR/sql if that exists, otherwise in DIR.")
    private Path dir;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "jdbc:postgresql://127.0.0.1:5432/tailrace",
            description = "JDBC URL (TAILRACE_POSTGRES_URL; default ${DEFAULT-VALUE}).")
    private String url;

    @Option(
            names = "--user",
            paramLabel = "USER",
            defaultValue = "tailrace",
            description = "Role (TAILRACE_POSTGRES_USER; default ${DEFAULT-VALUE}).")
    private String user;

    @Option(
            names = "--password",
            paramLabel = "PASSWORD",
            defaultValue = "",
            description = "Password (TAILRACE_POSTGRES_PASSWORD, which other users of the machine cannot see).")
    private String password;

    private Main(PrintWriter out) {
        this.out = out;
    }

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        // Libraries write numbers in the digits of the default locale.
        Locale.setDefault(Locale.ROOT);
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(System.getenv(), out, err, args));
    }

    /**
     * Runs the command.
     *
     * @param environment where the connection is looked up that no flag names
     * @param out results
     * @param err one line for each fault
     * @return the exit code
     */
    public static int run(Map<String, String> environment, PrintWriter out, PrintWriter err, String... args) {
        CommandLine commandLine = new CommandLine(new Main(out))
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    if (e instanceof MigrationFault) {
                        err.println("migrate: " + e.getMessage());
                        return CommandLine.ExitCode.SOFTWARE;
                    }
                    throw e;
                });
        commandLine.getCommandSpec().defaultValueProvider(new EnvironmentDefaults(environment));
        return commandLine.execute(args);
    }

    @Command(name = "create", description = "Writes a new file with the next number.")
    int create(
            @Parameters(index = "0", paramLabel = "NAME", description = "What the file does, [a-z0-9_]+.") String name,
            @Parameters(index = "1", paramLabel = "sql", description = "The kind of file; only sql.") String kind) {
        if (!kind.equals("sql")) {
            throw new MigrationFault("kind \"" + kind + "\": expected sql");
        }
        out.println(SqlFolder.of(dir).create(name));
        return CommandLine.ExitCode.OK;
    }

    @Command(name = "up", description = "Applies the pending files.")
    int up() {
        List<AppliedFile> applied = SqlFolder.of(dir).history(database()).up();
        applied.forEach(file -> out.println("applied " + file.file() + " in " + file.durationMs() + " ms"));
        out.println(applied.isEmpty() ? "nothing to apply" : applied.size() + " applied");
        return CommandLine.ExitCode.OK;
    }

    @Command(name = "status", description = "Lists the applied and the pending files.")
    int status(
            @Option(names = "--check", description = "Exits with 1 unless every file is applied unchanged.")
                    boolean check) {
        SqlHistory history = SqlFolder.of(dir).history(database());
        List<FileStatus> files = history.status();
        int width = files.stream().mapToInt(f -> f.file().length()).max().orElse(4);
        String row = "%-" + width + "s  %-8s  %s%n";
        out.printf(Locale.ROOT, row, "file", "state", "applied at");
        files.forEach(f ->
                out.printf(Locale.ROOT, row, f.file(), f.state().label(), f.appliedAt() == null ? "-" : f.appliedAt()));
        files.stream().filter(FileStatus::isFault).forEach(f -> out.println(history.fault(f)));
        boolean current = files.stream().allMatch(FileStatus::isCurrent);
        return check && !current ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    @Command(
            name = "repair",
            description = {
                "Forgets that a file failed half-way outside a transaction, so that up applies it again.",
                "Run it when what the file's statements did is undone. It changes nothing else."
            })
    int repair() {
        List<String> forgotten = SqlFolder.of(dir).history(database()).repair();
        forgotten.forEach(
                file -> out.println("forgot that " + file + " failed; up applies it from its first statement on"));
        if (forgotten.isEmpty()) {
            out.println("nothing to repair");
        }
        return CommandLine.ExitCode.OK;
    }

    private DatabaseAddress database() {
        return new DatabaseAddress(url, user, password);
    }
}
