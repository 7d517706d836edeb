package io.tailrace.standalone;

import io.tailrace.standalone.command.Tailrace;
import java.util.Locale;

/** The commands of {@code ./tailrace} that need a JVM. */
public final class Main {
    private Main() {}

    /** Runs a command and ends the JVM with its exit code: 0 done, 1 it could not, 2 wrong usage. */
    public static void main(String[] args) {
        // Libraries write numbers in the digits of the default locale.
        Locale.setDefault(Locale.ROOT);
        System.exit(Tailrace.run(args));
    }
}
