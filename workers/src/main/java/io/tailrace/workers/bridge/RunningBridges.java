package io.tailrace.workers.bridge;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The bridges that this process copies. Thread-safe. */
final class RunningBridges {
    private final Map<String, BridgeRun> running = new ConcurrentHashMap<>();

    void add(String bridge, BridgeRun run) {
        running.put(bridge, run);
    }

    void remove(String bridge, BridgeRun run) {
        running.remove(bridge, run);
    }

    /** How many metrics of each bridge are in each state. */
    Map<String, Map<String, Integer>> states() {
        Map<String, Map<String, Integer>> states = new TreeMap<>();
        running.forEach((bridge, run) -> states.put(bridge, run.states()));
        return states;
    }

    /** How many metrics of all bridges are in a state. */
    int count(SourceLink.State state) {
        return running.values().stream()
                .mapToInt(run -> run.states().getOrDefault(state.label(), 0))
                .sum();
    }
}
