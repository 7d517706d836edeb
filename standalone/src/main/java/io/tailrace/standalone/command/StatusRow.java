package io.tailrace.standalone.command;

import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.data.RunState.PartStatus;
import io.tailrace.standalone.process.ProcessTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One line of {@code status}.
 *
 * @param name the part
 * @param state its state; {@code dead} if its process is gone and nobody noticed
 * @param pid its process, or 0
 * @param restarts how often it was started again
 * @param port where it listens, or 0
 * @param residentBytes its memory; 0 for what runs inside the standalone process
 * @param uptimeMs for how long it has been in its state
 * @param detail what it does or why it failed
 * @param log its log
 */
record StatusRow(
        String name,
        String state,
        long pid,
        int restarts,
        int port,
        long residentBytes,
        long uptimeMs,
        String detail,
        String log) {
    /** Tells whether a noted process is still the one that it was. */
    @FunctionalInterface
    interface Lives {
        boolean lives(String name, long pid, long startedAtMs);
    }

    static List<StatusRow> all(RunState state, long nowMs, Lives lives) {
        List<StatusRow> rows = new ArrayList<>();
        boolean supervised = lives.lives("standalone", state.pid(), state.startedAtMs());
        if (supervised) {
            rows.add(new StatusRow(
                    "standalone",
                    state.phase().equals(RunState.UP) ? "ready" : state.phase(),
                    state.pid(),
                    0,
                    0,
                    ProcessTable.residentBytesOfOne(state.pid()),
                    since(state.startedAtMs(), nowMs),
                    "",
                    ""));
        }
        for (PartStatus part : state.parts()) {
            boolean hosted = part.pid() == state.pid();
            boolean alive = part.pid() > 0 && lives.lives(part.name(), part.pid(), part.startedAtMs());
            String shown = alive || part.pid() == 0 && supervised ? part.state() : "dead";
            rows.add(new StatusRow(
                    part.name(),
                    supervised || !alive ? shown : "orphan",
                    alive ? part.pid() : 0,
                    part.restarts(),
                    part.port(),
                    alive && !hosted ? ProcessTable.residentBytes(part.pid()) : 0,
                    since(part.sinceMs(), nowMs),
                    part.detail(),
                    part.log()));
        }
        return rows;
    }

    /** Another process has noted it by the time of day, which somebody may have set back since. */
    private static long since(long atMs, long nowMs) {
        return Math.max(0, nowMs - atMs);
    }

    static List<String> table(List<StatusRow> rows) {
        String format = "%-17s %8s  %-11s %8s %6s %9s %10s  %s";
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, format, "NAME", "PID", "STATE", "RESTARTS", "PORT", "RSS", "SINCE", "")
                .stripTrailing());
        for (StatusRow row : rows) {
            lines.add(String.format(
                            Locale.ROOT,
                            format,
                            row.name,
                            row.pid == 0 ? "-" : row.pid,
                            row.state,
                            row.restarts,
                            row.port == 0 ? "-" : row.port,
                            row.residentBytes == 0 ? "-" : (row.residentBytes >> 20) + " MiB",
                            duration(row.uptimeMs),
                            row.detail)
                    .stripTrailing());
        }
        return lines;
    }

    Map<String, Object> json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("state", state);
        fields.put("pid", pid);
        fields.put("restarts", restarts);
        fields.put("port", port);
        fields.put("rss_bytes", residentBytes);
        fields.put("since_ms", uptimeMs);
        fields.put("detail", detail);
        fields.put("log", log);
        return fields;
    }

    private static String duration(long ms) {
        long seconds = ms / 1000;
        return seconds < 60
                ? seconds + " s"
                : seconds < 3600
                        ? String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60)
                        : String.format(Locale.ROOT, "%d:%02d h", seconds / 3600, seconds / 60 % 60);
    }
}
