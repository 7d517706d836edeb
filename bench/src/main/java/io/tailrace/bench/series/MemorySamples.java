package io.tailrace.bench.series;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The resident memory of a process, read from /proc once a second until it is closed. */
final class MemorySamples implements AutoCloseable {
    private static final int PARTS = 10;

    private final Path status;
    private final List<Long> mib = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("memory").daemon().factory());

    MemorySamples(long pid) {
        status = Path.of("/proc", String.valueOf(pid), "status");
        var unused = clock.scheduleAtFixedRate(this::sample, 0, 1, TimeUnit.SECONDS);
    }

    /** The median of each tenth of the time so far, in MiB; fewer values if there were fewer samples. */
    synchronized List<Double> tenths() {
        return medians(mib, PARTS);
    }

    static List<Double> medians(List<Long> samples, int parts) {
        List<Double> medians = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            List<Long> some =
                    samples.subList(samples.size() * part / parts, samples.size() * (part + 1) / parts).stream()
                            .sorted()
                            .toList();
            if (!some.isEmpty()) {
                medians.add((double) some.get(some.size() / 2));
            }
        }
        return medians;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private synchronized void sample() {
        try {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmRSS:")) {
                    mib.add(Long.parseLong(line.replaceAll("\\D", "")) / 1024);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("The memory of the services cannot be read: " + status, e);
        }
    }
}
