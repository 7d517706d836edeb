package io.tailrace.systemtests.client;

import io.tailrace.systemtests.platform.Platform;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The shell blocks of a page of the repository, run in their order by one bash, in the repository's folder, as a reader would paste them. What a reader does by
 * hand is done for them: a command that follows for ever ends after some seconds, and {@code PASTE_…} is a cursor that was printed.
 */
public final class ShellPage {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK =
            Pattern.compile("^( *)```sh\\n(.*?)^\\1```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final long LIMIT_S = 240;

    /** Before the blocks: whoever follows is cut after eight seconds, which curl tells by 28 and grpcurl by 64 and the status DEADLINE_EXCEEDED. */
    private static final String PREAMBLE =
            """
            set -m -euo pipefail
            curl() { command curl --max-time 8 "$@" || [ $? = 28 ]; }
            grpcurl() { command grpcurl -max-time 8 "$@" || [ $? = 68 ]; }
            """;

    private final String name;
    private final List<String> blocks;

    private ShellPage(String name, List<String> blocks) {
        this.name = name;
        this.blocks = blocks;
    }

    /** Reads a page, named from the repository's folder. */
    public static ShellPage read(String name) throws IOException {
        Matcher matcher = BLOCK.matcher(Files.readString(ROOT.resolve(name)));
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            String indent = matcher.group(1);
            blocks.add(matcher.group(2)
                    .lines()
                    .map(line -> line.startsWith(indent) ? line.substring(indent.length()) : line)
                    .collect(Collectors.joining("\n", "", "\n")));
        }
        return new ShellPage(name, blocks);
    }

    /** How many blocks have this text. */
    public long countOf(String text) {
        return blocks.stream().filter(block -> block.contains(text)).count();
    }

    /** The same page without the blocks that have this text. */
    public ShellPage without(String text) {
        return new ShellPage(
                name, blocks.stream().filter(block -> !block.contains(text)).toList());
    }

    /** The same page with other words: a smaller number, a cursor. */
    public ShellPage with(String words, String others) {
        if (countOf(words) == 0) {
            throw new IllegalArgumentException(name + " has no \"" + words + "\"");
        }
        return new ShellPage(
                name, blocks.stream().map(block -> block.replace(words, others)).toList());
    }

    /** Whether bash takes the blocks for commands, without running them. */
    public boolean isParsed() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-n", "-c", String.join("\n", blocks))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(LIMIT_S, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /**
     * Runs the blocks.
     *
     * @return what they printed
     * @throws IOException if a command failed; the message has what was printed until then
     */
    public String run(Platform platform, Map<String, String> environment) throws IOException, InterruptedException {
        String address = URI.create(platform.origin()).getAuthority();
        String script = PREAMBLE
                + String.join("\n", blocks)
                        .replace("localhost:8080", address)
                        .replace("localhost:9090", "127.0.0.1:" + platform.grpcPort());
        Path output = Files.createTempFile("shell-page", ".txt");
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", script)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("TAILRACE_DATA", platform.launcher().data().toString());
        builder.environment().put("TAILRACE_NO_BUILD", "1");
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            boolean hasEnded = process.waitFor(LIMIT_S, TimeUnit.SECONDS);
            String printed = Files.readString(output);
            if (!hasEnded || process.exitValue() != 0) {
                throw new IOException(
                        "The shell blocks of " + name + (hasEnded ? " failed: " : " did not end: ") + printed);
            }
            return printed;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
