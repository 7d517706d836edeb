package io.tailrace.systemtests.fuzz;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.systemtests.platform.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./tailrace fuzz --seed N --requests N}. */
@Command(
        name = "fuzz",
        description =
                "Sends broken requests to a Tailrace of its own, and checks every answer, the process and its logs.",
        mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
    @Option(names = "--seed", description = "the seed of the requests; random by default")
    private long seed = ThreadLocalRandom.current().nextLong(1_000_000);

    @Option(names = "--requests", description = "the number of requests; ${DEFAULT-VALUE}")
    private long requests = 100_000;

    @Option(names = "--json", description = "prints the result as JSON on the last line")
    private boolean json;

    private Main() {}

    /** Runs it; the exit code is 0 if nothing is wrong, 1 if something is, 2 if it was called wrongly. */
    public static void main(String[] args) {
        // Libraries write numbers in the digits of the default locale.
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (requests < 10 || requests > 100_000_000) {
            System.err.println("fuzz: expected --requests from 10 to 100000000");
            return 2;
        }
        System.out.println("seed " + seed);
        // What it starts was built before it.
        Map<String, String> environment = new HashMap<>(Map.of("TAILRACE_NO_BUILD", "1"));
        environment.putAll(FuzzRun.SETTINGS);
        Launcher launcher = new Launcher(Files.createTempDirectory("tailrace-fuzz"), environment);
        FuzzResult result = new FuzzRun(seed, requests, line -> System.err.println("fuzz: " + line)).run(launcher);
        System.out.println(result.text());
        if (json) {
            System.out.println(new ObjectMapper().writeValueAsString(result.json()));
        }
        if (result.isClean()) {
            delete(launcher.data());
        } else {
            System.out.println("everything is kept in " + launcher.data());
        }
        return result.isClean() ? 0 : 1;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
