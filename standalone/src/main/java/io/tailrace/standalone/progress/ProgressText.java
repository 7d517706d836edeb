package io.tailrace.standalone.progress;

import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.data.RunState.PartStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Progress as text. Pure. */
public final class ProgressText {
    private static final int NAME_WIDTH = 16;
    private static final int STATE_WIDTH = 10;

    private ProgressText() {}

    /** The whole table, a line for each part. */
    public static List<String> table(RunState state, long startedMs, long nowMs) {
        return state.parts().stream()
                .map(part -> line(part, elapsed(part, startedMs, nowMs)))
                .toList();
    }

    /** A line for each part whose state is another than before. */
    public static List<String> changes(Map<String, String> before, RunState state, long startedMs) {
        List<String> lines = new ArrayList<>();
        for (PartStatus part : state.parts()) {
            if (!part.state().equals(before.getOrDefault(part.name(), "waiting"))) {
                lines.add(line(part, seconds(part.sinceMs() - startedMs)));
            }
        }
        return lines;
    }

    /** The states by name, to be compared with those of later. */
    public static Map<String, String> states(RunState state) {
        Map<String, String> states = new HashMap<>();
        state.parts().forEach(part -> states.put(part.name(), part.state()));
        return states;
    }

    private static String line(PartStatus part, String time) {
        String mark =
                switch (part.state()) {
                    case "ready" -> "✓";
                    case "failed" -> "✗";
                    case "starting", "stopping", "restarting" -> "…";
                    default -> " ";
                };
        return ("  " + mark + " " + pad(part.name(), NAME_WIDTH) + " " + pad(part.state(), STATE_WIDTH) + " "
                        + pad(time, 8) + " " + part.detail())
                .stripTrailing();
    }

    /** How long it has been at it, or when it was done. */
    private static String elapsed(PartStatus part, long startedMs, long nowMs) {
        return switch (part.state()) {
            case "starting", "stopping" -> seconds(nowMs - part.sinceMs());
            case "ready", "stopped" -> seconds(part.sinceMs() - startedMs);
            default -> "";
        };
    }

    private static String seconds(long ms) {
        return String.format(Locale.ROOT, "%.1f s", Math.max(0, ms) / 1000.0);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
