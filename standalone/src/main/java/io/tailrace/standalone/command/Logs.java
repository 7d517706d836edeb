package io.tailrace.standalone.command;

import io.tailrace.standalone.Fault;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.process.LogFile;
import io.tailrace.standalone.supervision.Selection;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./tailrace logs}. */
@Command(
        name = "logs",
        description = "Shows the last lines of a log, or lists the logs.",
        mixinStandardHelpOptions = true)
final class Logs implements Callable<Integer> {
    private static final long PAUSE_MS = 200;
    private static final int CHUNK_BYTES = 64 * 1024;

    @Mixin
    private DataOption data = new DataOption();

    @Parameters(index = "0", arity = "0..1", paramLabel = "SERVICE", description = "A service, as listed by status.")
    private @Nullable String service;

    @Option(names = "-f", description = "Follows the log until Ctrl-C.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "200",
            description = "The number of lines (default 200).")
    private int lines = 200;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        DataFolder folder = data.folder();
        if (service == null) {
            return list(folder);
        }
        // The services of this process share its log.
        boolean hosted = Selection.SERVICES.contains(service)
                || List.of("telemetry", "demo-show", "migrations", "topics", "services")
                        .contains(service);
        Path file = folder.log(hosted ? "standalone" : service);
        if (!service.matches("[a-z-]+") || !Files.exists(file)) {
            throw new Fault("there is no log of " + service + " in " + folder.logs() + "; ./tailrace logs lists them");
        }
        LogFile log = new LogFile(file, Long.MAX_VALUE);
        long end = Files.size(file);
        log.lastLines(lines).forEach(out::println);
        if (follow) {
            follow(file, end);
        }
        return 0;
    }

    private int list(DataFolder folder) throws IOException {
        TreeMap<String, Long> sizes = new TreeMap<>();
        if (Files.isDirectory(folder.logs())) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.logs(), "*.log")) {
                for (Path file : files) {
                    sizes.put(file.getFileName().toString().replace(".log", ""), Files.size(file));
                }
            }
        }
        if (sizes.isEmpty()) {
            out.println("There are no logs in " + folder.logs());
        }
        sizes.forEach(
                (name, bytes) -> out.printf(Locale.ROOT, "%-18s %8d KiB  %s%n", name, bytes >> 10, folder.log(name)));
        return 0;
    }

    private void follow(Path path, long from) throws IOException, InterruptedException {
        long position = from;
        byte[] chunk = new byte[CHUNK_BYTES];
        while (!out.checkError()) {
            // Opened each time: a log that was rotated is another file, or shorter.
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
                if (file.length() < position) {
                    position = 0;
                }
                file.seek(position);
                for (int read = file.read(chunk); read > 0; read = file.read(chunk)) {
                    out.write(chunk, 0, read);
                    position += read;
                }
                out.flush();
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
    }
}
