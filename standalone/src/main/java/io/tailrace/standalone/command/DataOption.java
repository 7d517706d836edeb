package io.tailrace.standalone.command;

import io.tailrace.standalone.data.DataFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that all commands share. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:TAILRACE_DATA:-${sys:tailrace.home:-.}/.tailrace}",
            description = "The data folder (TAILRACE_DATA; default .tailrace beside the launcher).")
    private Path data = Path.of(".tailrace");

    DataFolder folder() {
        return new DataFolder(data);
    }
}
