package io.tailrace.bench.stand;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The CPU time of processes with all that they have started, from {@code /proc/<pid>/stat} (proc(5)): their own, and that
 * of children which have ended and were waited for.
 */
public final class CpuMeter {
    private static final Path PROC = Path.of("/proc");
    private static final double TICKS_PER_SECOND = 100;
    private static final int PARENT = 1;
    private static final int USER = 11;

    private CpuMeter() {}

    /**
     * A process.
     *
     * @param ticks its own and those of children that were waited for
     */
    private record Process(long parent, long ownTicks, long ticks) {}

    /** Seconds until now, of the process and its descendants. */
    public static double seconds(long root) throws IOException {
        return now().seconds(root);
    }

    /** All processes at one moment: what is added and subtracted has to be of the same one. */
    public static Snapshot now() throws IOException {
        return new Snapshot(processes());
    }

    /** The CPU time of processes until one moment. */
    public static final class Snapshot {
        private final Map<Long, Process> all;

        private Snapshot(Map<Long, Process> all) {
            this.all = all;
        }

        /** Seconds of the process and its descendants. */
        public double seconds(long root) {
            long ticks = 0;
            for (Map.Entry<Long, Process> entry : all.entrySet()) {
                long pid = entry.getKey();
                for (int depth = 0; depth < 50 && pid > 1 && pid != root; depth++) {
                    Process process = all.get(pid);
                    pid = process == null ? 0 : process.parent();
                }
                if (pid == root) {
                    ticks += entry.getValue().ticks();
                }
            }
            return ticks / TICKS_PER_SECOND;
        }

        /** Seconds of the process alone. */
        public double secondsOf(long pid) throws IOException {
            Process process = all.get(pid);
            if (process == null) {
                throw new IOException("there is no process " + pid);
            }
            return process.ownTicks() / TICKS_PER_SECOND;
        }
    }

    private static Map<Long, Process> processes() throws IOException {
        Map<Long, Process> processes = new HashMap<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path folder : folders) {
                try {
                    String stat = Files.readString(folder.resolve("stat"));
                    // The name is in parentheses, and may have spaces and parentheses of its own.
                    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                    long own = Long.parseLong(fields[USER]) + Long.parseLong(fields[USER + 1]);
                    long ticks = own + Long.parseLong(fields[USER + 2]) + Long.parseLong(fields[USER + 3]);
                    long pid = Long.parseLong(folder.getFileName().toString());
                    processes.put(pid, new Process(Long.parseLong(fields[PARENT]), own, ticks));
                } catch (NoSuchFileException e) {
                    // It has just ended.
                } catch (IOException e) {
                    if (Files.exists(folder)) {
                        throw e;
                    }
                }
            }
        }
        return processes;
    }
}
