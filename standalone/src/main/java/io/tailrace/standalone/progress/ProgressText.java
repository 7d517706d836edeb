package io.tailrace.standalone.progress;

import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.data.RunState.PartStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Progress as text. Pure. */
public final class ProgressText {
    private static final int NAME_WIDTH = 16;
    private static final int STATE_WIDTH = 10;

    private ProgressText() {}

    /**
     * The whole table, a line for each part.
     *
     * @param untilChange seconds from the beginning until a part, by its name, took its state
     * @param sinceChange seconds since then
     */
    public static List<String> table(
            RunState state, ToDoubleFunction<String> untilChange, ToDoubleFunction<String> sinceChange) {
        return state.parts().stream()
                .map(part -> line(part, elapsed(part, untilChange, sinceChange)))
                .toList();
    }

    /** A line for each part whose state is another than before, with {@code untilChange} as in {@link #table}. */
    public static List<String> changes(
            Map<String, String> before, RunState state, ToDoubleFunction<String> untilChange) {
        List<String> lines = new ArrayList<>();
        for (PartStatus part : state.parts()) {
            if (!part.state().equals(before.getOrDefault(part.name(), "waiting"))) {
                lines.add(line(part, seconds(untilChange.applyAsDouble(part.name()))));
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
    private static String elapsed(
            PartStatus part, ToDoubleFunction<String> untilChange, ToDoubleFunction<String> sinceChange) {
        return switch (part.state()) {
            case "starting", "stopping" -> seconds(sinceChange.applyAsDouble(part.name()));
            case "ready", "stopped" -> seconds(untilChange.applyAsDouble(part.name()));
            default -> "";
        };
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
