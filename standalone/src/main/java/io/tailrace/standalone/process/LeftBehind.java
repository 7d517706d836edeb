package io.tailrace.standalone.process;

import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.supervision.Orphans;
import io.tailrace.standalone.supervision.Orphans.Noted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The processes that a supervisor left behind when it was killed.
 *
 * @param processes those that still run
 */
public record LeftBehind(List<Noted> processes) {
    private static final long STOP_LIMIT_MS = 15_000;
    private static final long KILL_LIMIT_MS = 5_000;
    private static final long PAUSE_MS = 50;

    /** Those that the state names and that still run. The caller holds the folder's lock: their supervisor is no more. */
    public static LeftBehind by(Optional<RunState> state) {
        List<Noted> noted = state.stream()
                .flatMap(s -> s.parts().stream())
                .filter(part -> part.pid() > 0 && part.pid() != state.get().pid())
                .map(part -> new Noted(part.name(), part.pid(), part.startedAtMs()))
                .distinct()
                .toList();
        return new LeftBehind(Orphans.among(noted, ProcessTable::startedAtMs));
    }

    /**
     * Ends them, asks first and kills later.
     *
     * @return what was ended, for people
     */
    public List<String> stop() throws InterruptedException {
        List<String> names = new ArrayList<>();
        List<ProcessHandle> all = new ArrayList<>();
        for (Noted one : processes) {
            Optional<ProcessHandle> process = ProcessHandle.of(one.pid());
            if (process.isPresent()) {
                names.add(one.name() + " (process " + one.pid() + ")");
                all.addAll(process.get().descendants().toList());
                all.add(process.get());
                // As its own supervisor would: PostgreSQL waits for its clients on SIGTERM.
                ProcessTable.signal(process.get(), one.name().equals("postgres") ? "INT" : "TERM");
            }
        }
        if (!await(all, STOP_LIMIT_MS)) {
            all.forEach(ProcessHandle::destroyForcibly);
            await(all, KILL_LIMIT_MS);
        }
        return names;
    }

    private static boolean await(List<ProcessHandle> all, long limitMs) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
        while (all.stream().anyMatch(ProcessHandle::isAlive)) {
            if (System.nanoTime() - deadlineNs > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
        return true;
    }
}
