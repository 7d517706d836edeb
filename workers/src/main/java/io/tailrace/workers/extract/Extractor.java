package io.tailrace.workers.extract;

import io.tailrace.kit.extract.ExtractionFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads texts in files by processes of their own, one for each file: whatever a file does to its parser ends with the process. It has a heap and a
 * time of its own, none of this process's environment, and a folder that is deleted behind it. Thread-safe; blocks.
 */
public final class Extractor {
    private static final Logger LOG = LoggerFactory.getLogger(Extractor.class);

    private static final String PREFIX = "tailrace-extract-";

    /** Longer than any file takes. */
    private static final Duration LEFTOVER = Duration.ofHours(1);

    private static final String MAIN = "io.tailrace.extractor.Main";
    private static final int SHOWN = 2_000;

    /** What the JVM's option ExitOnOutOfMemoryError ends it with. */
    private static final int OUT_OF_MEMORY = 3;

    private final ExtractSettings settings;
    private final Semaphore places;

    /** Reads with the class path, in the folder and within the limits of the settings. */
    public Extractor(ExtractSettings settings) {
        this.settings = settings;
        this.places = new Semaphore(settings.processes());
    }

    /** A file's content. */
    public interface Content {
        InputStream open() throws IOException;
    }

    /**
     * Reads the text of a file, when fewer files than the settings allow are being read.
     *
     * @param type the media type that was detected by the file's beginning and name
     * @param progress is told of each page, on another thread
     * @throws IOException if the content cannot be read, or no process can be started
     * @throws InterruptedException if the thread is interrupted; then the process is gone
     */
    public Extracted read(Content content, String type, FrameReader.Progress progress)
            throws IOException, InterruptedException {
        places.acquire();
        try {
            Path parent =
                    Path.of(settings.folder().isEmpty() ? System.getProperty("java.io.tmpdir") : settings.folder());
            Files.createDirectories(parent);
            deleteLeftovers(parent);
            Path folder = Files.createTempDirectory(parent, PREFIX);
            try {
                // Its name says nothing: no name of a client becomes part of a path.
                Path file = folder.resolve("file");
                try (InputStream in = content.open()) {
                    var unused = Files.copy(in, file);
                }
                return run(folder, file, type, progress);
            } finally {
                delete(folder);
            }
        } finally {
            places.release();
        }
    }

    private Extracted run(Path folder, Path file, String type, FrameReader.Progress progress)
            throws IOException, InterruptedException {
        Path errors = folder.resolve("errors");
        Process process = start(folder, file, type, errors);
        CompletableFuture<Extracted> result = new CompletableFuture<>();
        FrameReader frames = new FrameReader(settings, progress);
        // The end of the process ends this thread: its pipe is closed then.
        Thread reader = Thread.ofVirtual().name("extractor-frames").start(() -> {
            try {
                result.complete(frames.read(process.getInputStream()));
                // What it still has to say is not wanted.
                process.destroyForcibly();
            } catch (IOException | RuntimeException e) {
                // It is about to end, with a number that says why.
                result.completeExceptionally(e);
            }
        });
        boolean isOver = false;
        try {
            isOver = process.waitFor(settings.timeLimit().toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            // Not one that is over: that would close its pipe, and what it has said would be lost.
            if (!isOver) {
                process.destroyForcibly();
                // Also for a thread that is interrupted: until then it could write into the folder that is deleted
                // next.
                process.onExit().join();
            }
        }
        reader.join();
        if (!result.isCompletedExceptionally()) {
            return result.join();
        }
        if (!isOver) {
            return new Extracted.None(ExtractionFault.TOOK_TOO_LONG);
        }
        if (!frames.isStarted()) {
            throw new IOException("the extractor did not start: " + process.exitValue() + " " + shown(errors));
        }
        LOG.warn("the extractor ended with {}: {}", process.exitValue(), shown(errors));
        return new Extracted.None(
                process.exitValue() == OUT_OF_MEMORY ? ExtractionFault.TOO_LARGE : ExtractionFault.DAMAGED);
    }

    private Process start(Path folder, Path file, String type, Path errors) throws IOException {
        // Names of hosts are looked up in an empty list, so that there is no address to connect to.
        Path hosts = Files.createFile(folder.resolve("hosts"));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms16m",
                        "-Xmx" + settings.heapMegabytes() + "m",
                        "-XX:MaxMetaspaceSize=96m",
                        "-XX:MaxDirectMemorySize=32m",
                        "-XX:ReservedCodeCacheSize=32m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-XX:+ExitOnOutOfMemoryError",
                        // It says why it ends, and not among the frames.
                        "-XX:+DisplayVMOutputToStderr",
                        "-XX:ErrorFile=" + folder.resolve("crash"),
                        "-Xshare:auto",
                        "-Djava.awt.headless=true",
                        "-Djava.io.tmpdir=" + folder,
                        "-Djdk.net.hosts.file=" + hosts,
                        "-Dfile.encoding=UTF-8",
                        "-cp",
                        settings.classPath(),
                        MAIN,
                        file.toString(),
                        type,
                        String.valueOf(settings.maxPages()),
                        String.valueOf(settings.maxCharacters()),
                        String.valueOf(settings.maxInflatedBytes())))
                .directory(folder.toFile())
                .redirectError(errors.toFile());
        builder.environment().clear();
        // Paths of the class path are in UTF-8.
        builder.environment().put("LC_ALL", "C.UTF-8");
        return builder.start();
    }

    private static String shown(Path errors) {
        try (InputStream in = Files.newInputStream(errors)) {
            return new String(in.readNBytes(SHOWN), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** A worker that was killed could not delete its folders, and what is in them is somebody's. */
    private static void deleteLeftovers(Path parent) throws IOException {
        FileTime before = FileTime.from(Instant.now().minus(LEFTOVER));
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                if (Files.getLastModifiedTime(folder).compareTo(before) < 0) {
                    delete(folder);
                }
            }
        } catch (NoSuchFileException e) {
            // Another worker was faster.
            return;
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                var unused = Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("{} could not be deleted", folder, e);
        }
    }
}
