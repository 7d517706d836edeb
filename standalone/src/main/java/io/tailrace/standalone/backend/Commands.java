package io.tailrace.standalone.backend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Runs tools that prepare a server. */
final class Commands {
    private static final long LIMIT_S = 120;
    private static final int SHOWN_CHARACTERS = 400;
    private static final Pattern FAULT = Pattern.compile("(?i)error:|exception|fatal:");

    private Commands() {}

    /** Runs a command to its end; the caller's interrupt ends it. Fails unless it ends with 0. */
    static void run(List<String> command, Path folder) throws IOException, InterruptedException {
        run(command, folder, LIMIT_S);
    }

    /** The same for one that takes longer, in seconds at most. */
    static void run(List<String> command, Path folder, long limitS) throws IOException, InterruptedException {
        Path output = Files.createTempFile("tailrace-tool", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            try {
                if (!process.waitFor(limitS, TimeUnit.SECONDS)) {
                    throw new IOException(name(command) + " did not end within " + limitS + " s");
                }
            } finally {
                process.destroyForcibly();
            }
            if (process.exitValue() != 0) {
                String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
                throw new IOException(
                        name(command) + " ended with exit code " + process.exitValue() + ": " + fault(said));
            }
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** The line that says what was wrong: a stack trace follows it, and progress comes before it. */
    static String fault(String output) {
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        String line = lines.stream()
                .filter(candidate -> FAULT.matcher(candidate).find())
                .findFirst()
                .orElse(lines.isEmpty() ? "it said nothing" : lines.getLast());
        return line.substring(0, Math.min(line.length(), SHOWN_CHARACTERS)).strip();
    }

    private static String name(List<String> command) {
        return command.stream()
                .filter(word -> word.startsWith("/") && !word.endsWith("setpriv"))
                .findFirst()
                .orElse(command.getFirst());
    }
}
