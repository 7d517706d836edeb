package io.tailrace.bench.seats;

import java.util.ArrayList;
import java.util.List;

/** {@code dispatcher=3,broker=1}: which part is killed in which rush. */
final class FaultOption {
    private FaultOption() {}

    /** The parts to kill, one for each rush. */
    static List<String> parse(String text) {
        List<String> parts = new ArrayList<>();
        for (String one : text.split(",")) {
            String[] pair = one.split("=", 2);
            String part =
                    switch (pair[0]) {
                        case "dispatcher" -> "event-dispatcher";
                        case "broker" -> "kafka";
                        default ->
                            throw new IllegalArgumentException("--faults " + text + ": expected dispatcher=N,broker=N");
                    };
            int count = pair.length == 2 && pair[1].matches("[0-9]{1,4}") ? Integer.parseInt(pair[1]) : -1;
            if (count < 0) {
                throw new IllegalArgumentException("--faults " + text + ": expected a number after " + pair[0] + "=");
            }
            for (int i = 0; i < count; i++) {
                parts.add(part);
            }
        }
        return parts;
    }
}
