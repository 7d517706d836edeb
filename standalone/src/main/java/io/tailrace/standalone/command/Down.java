package io.tailrace.standalone.command;

import io.tailrace.standalone.Fault;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.FolderLock;
import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.process.LeftBehind;
import io.tailrace.standalone.process.ProcessTable;
import io.tailrace.standalone.progress.ProgressDisplay;
import io.tailrace.standalone.supervision.Orphans;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./tailrace down}. */
@Command(name = "down", description = "Stops everything and keeps the data.", mixinStandardHelpOptions = true)
final class Down implements Callable<Integer> {
    /** The sum of what the parts are given one after the other, with a margin. */
    private static final long LIMIT_S = 120;

    private static final long PAUSE_MS = 100;

    @Mixin
    private DataOption data = new DataOption();

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws InterruptedException {
        DataFolder folder = data.folder();
        Optional<RunState> state = RunState.read(folder);
        boolean stopped = state.isPresent() && stopSupervisor(folder, state.get());
        List<String> cleared = clearAway(folder);
        if (!cleared.isEmpty()) {
            out.println("Stopped what an earlier tailrace left behind: " + String.join(", ", cleared));
        }
        if (!stopped && cleared.isEmpty()) {
            out.println("Nothing is up with the data folder " + folder.root());
        }
        return 0;
    }

    private boolean stopSupervisor(DataFolder folder, RunState state) throws InterruptedException {
        List<Orphans.Noted> noted = List.of(new Orphans.Noted("standalone", state.pid(), state.startedAtMs()));
        if (Orphans.among(noted, ProcessTable::startedAtMs).isEmpty()) {
            return false;
        }
        Optional<ProcessHandle> supervisor = ProcessHandle.of(state.pid());
        if (supervisor.isEmpty()) {
            return false;
        }
        supervisor.get().destroy();
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
        try (ProgressDisplay display = new ProgressDisplay(out, Boolean.getBoolean("tailrace.terminal"))) {
            while (supervisor.get().isAlive()) {
                RunState.read(folder)
                        .filter(s -> !s.phase().equals(RunState.UP))
                        .ifPresent(display::show);
                if (System.nanoTime() - deadlineNs > 0) {
                    out.println("It did not stop within " + LIMIT_S + " s, killing it");
                    supervisor.get().destroyForcibly();
                    break;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            }
            RunState.read(folder).ifPresent(display::show);
        }
        return true;
    }

    private static List<String> clearAway(DataFolder folder) throws InterruptedException {
        if (!Files.exists(folder.lockFile())) {
            return List.of();
        }
        try (FolderLock lock = FolderLock.take(folder)
                .orElseThrow(() -> new Fault("the data folder " + folder.root() + " is in use by another command"))) {
            return LeftBehind.by(RunState.read(folder)).stop();
        }
    }
}
