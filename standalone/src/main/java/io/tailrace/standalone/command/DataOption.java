package io.tailrace.standalone.command;

import io.tailrace.standalone.Fault;
import io.tailrace.standalone.data.DataFolder;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that all commands share. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:TAILRACE_DATA:-${sys:tailrace.home:-.}/.tailrace}",
            description = "The data folder (TAILRACE_DATA; default .tailrace beside the launcher).")
    private String data = ".tailrace";

    DataFolder folder() {
        if (data.isEmpty()) {
            throw new Fault("--data: expected a folder");
        }
        try {
            return new DataFolder(Path.of(data));
        } catch (InvalidPathException e) {
            // Under the locale C of some systems Java can name ASCII files only.
            throw new Fault("cannot use the data folder " + data + ": " + e.getReason(), e);
        }
    }
}
