package io.tailrace.standalone.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a child process is started.
 *
 * @param command the program and its arguments
 * @param environment variables beside those of this process
 * @param folder its working directory
 * @param input bytes for its standard input, which then stays open as long as this process lives
 * @param stopSignal the signal that asks it to stop, without {@code SIG}
 */
public record Launch(
        List<String> command, Map<String, String> environment, Path folder, byte[] input, String stopSignal) {
    /** Copies the collections. */
    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A process without input that stops on SIGTERM. */
    public static Launch of(List<String> command, Map<String, String> environment, Path folder) {
        return new Launch(command, environment, folder, new byte[0], "TERM");
    }
}
