package io.tailrace.standalone.process;

import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.supervision.Part;
import io.tailrace.standalone.supervision.PartState;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The states of all parts with what people want to know about them. Not thread-safe. */
final class Board {
    private final Map<String, PartState> states;
    private final Map<String, Unit> units;
    private final InstantSource clock;
    private final Map<String, String> details = new HashMap<>();
    private final Map<String, Long> sinceMs = new HashMap<>();
    private final Map<Long, Long> startedAtMs = new HashMap<>();

    Board(Map<String, PartState> initial, Map<String, Unit> units, InstantSource clock) {
        this.states = initial;
        this.units = units;
        this.clock = clock;
        initial.keySet().forEach(name -> sinceMs.put(name, clock.millis()));
    }

    Map<String, PartState> states() {
        return states;
    }

    PartState state(String name) {
        return Objects.requireNonNull(states.get(name), name);
    }

    Unit unit(String name) {
        return Objects.requireNonNull(units.get(name), name);
    }

    /** A part takes its next step; {@code detail} says more about it, or is empty. */
    void become(String name, PartState next, String detail) {
        if (!next.label().equals(state(name).label())) {
            sinceMs.put(name, clock.millis());
        }
        states.put(name, next);
        details.put(name, detail);
    }

    void explain(String name, String detail) {
        details.put(name, detail);
    }

    Stream<RunState.PartStatus> show(Part part) {
        String name = part.name();
        Unit unit = unit(name);
        PartState state = state(name);
        long pid = unit.pid().orElse(0);
        long startedMs = pid == 0 ? 0 : startedAtMs.computeIfAbsent(pid, Board::startOf);
        LogFile log = unit.log();
        return unit.reportedAs().stream()
                .map(as -> new RunState.PartStatus(
                        as,
                        state.label(),
                        pid,
                        startedMs,
                        unit.port(),
                        state.restarts(),
                        sinceMs.getOrDefault(name, 0L),
                        details.getOrDefault(name, ""),
                        log == null ? "" : log.path().toString()));
    }

    private static long startOf(long pid) {
        return ProcessTable.startedAtMs(pid).orElse(0L);
    }
}
