package io.tailrace.systemtests.fuzz.check;

import io.tailrace.systemtests.client.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What of a process must be at the end as it was at the beginning.
 *
 * @param heapBytes what is left after two full collections
 * @param directBytes direct buffers of the JDK, which Netty's arenas are not among: its own detector watches those
 * @param residentBytes what the process has of the memory, all in all
 * @param threads live ones
 * @param files open file descriptors
 * @param connections open to the server
 * @param streams open ones
 * @param series of metrics: a name that a client can choose must not become one
 */
public record Vitals(
        long heapBytes,
        long directBytes,
        long residentBytes,
        long threads,
        long files,
        long connections,
        long streams,
        long series) {
    private static final long MIB = 1 << 20;

    /** Each route has three series for each status that it has answered with, which come up during the run; names would be thousands. */
    private static final long SERIES_OF_ROUTES = 500;

    /** Takes them of the process {@code pid} that answers at {@code origin}, when its garbage is collected. */
    public static Vitals take(String origin, long pid) throws IOException, InterruptedException {
        collect(pid);
        collect(pid);
        String metrics = new Api(origin, null).text("/prometheus");
        Path process = Path.of("/proc", String.valueOf(pid));
        long files;
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            files = descriptors.count();
        }
        long resident = Files.readAllLines(process.resolve("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1_024)
                .sum();
        return new Vitals(
                sum(metrics, "jvm_memory_used_bytes{area=\"heap\""),
                sum(metrics, "jvm_buffer_memory_used_bytes{id=\"direct\""),
                resident,
                sum(metrics, "jvm_threads_live_threads"),
                files,
                sum(metrics, "tailrace_http_connections "),
                sum(metrics, "tailrace_edge_connections "),
                metrics.lines().filter(line -> !line.startsWith("#")).count());
    }

    /** Streams and connections now. */
    public static long open(String origin) throws IOException, InterruptedException {
        String metrics = new Api(origin, null).text("/prometheus");
        return sum(metrics, "tailrace_http_connections ") + sum(metrics, "tailrace_edge_connections ");
    }

    /**
     * What has grown since {@code before} by more than chance.
     *
     * @param heapSlackBytes what caches may have taken meanwhile
     */
    public List<String> growthSince(Vitals before, long heapSlackBytes) {
        List<String> grown = new ArrayList<>();
        compare(grown, "heap after collection, MiB", before.heapBytes / MIB, heapBytes / MIB, heapSlackBytes / MIB);
        compare(grown, "direct buffers, MiB", before.directBytes / MIB, directBytes / MIB, 16);
        compare(grown, "threads", before.threads, threads, 12);
        compare(grown, "open files", before.files, files, 24);
        compare(grown, "connections", before.connections, connections, 8);
        compare(grown, "streams", before.streams, streams, 2);
        compare(grown, "series of metrics", before.series, series, SERIES_OF_ROUTES);
        return grown;
    }

    private static void compare(List<String> grown, String name, long before, long after, long slack) {
        if (after > before + slack) {
            grown.add(name + ": " + before + ", at the end " + after);
        }
    }

    private static void collect(long pid) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), String.valueOf(pid), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(jcmd + " " + pid + " GC.run failed");
        }
    }

    private static long sum(String metrics, String prefix) {
        return (long) metrics.lines()
                .filter(line -> line.startsWith(prefix))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
