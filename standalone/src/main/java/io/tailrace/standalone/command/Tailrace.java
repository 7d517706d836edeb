package io.tailrace.standalone.command;

import io.tailrace.standalone.Fault;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. */
@Command(
        name = "tailrace",
        description = "Runs Tailrace on this machine.",
        mixinStandardHelpOptions = true,
        subcommands = {Up.class, Down.class, Status.class, Logs.class, Token.class, Jobs.class})
public final class Tailrace {
    private Tailrace() {}

    /** Runs a command. What cannot be done is said in one line on the standard error. */
    public static int run(String... args) {
        return new CommandLine(new Tailrace())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    if (e instanceof Fault) {
                        System.err.println("tailrace: " + e.getMessage());
                        return CommandLine.ExitCode.SOFTWARE;
                    }
                    throw e;
                })
                .execute(args);
    }
}
