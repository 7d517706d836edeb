package io.tailrace.standalone.command;

import io.tailrace.standalone.Fault;
import io.tailrace.standalone.backend.LocalModel;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.FolderLock;
import io.tailrace.standalone.data.Ports;
import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.process.LeftBehind;
import io.tailrace.standalone.process.ProcessTable;
import io.tailrace.standalone.supervision.Selection;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./tailrace up}. */
@Command(
        name = "up",
        description =
                "Starts everything at one origin. Runs until Ctrl-C; with --detach, returns when everything is ready.",
        mixinStandardHelpOptions = true)
final class Up implements Callable<Integer> {
    /** The servers, unpacked, and their first data take about half of it. */
    private static final long FIRST_MIB = 1_000;

    private static final long LATER_MIB = 200;

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "${env:TAILRACE_HTTP_PORT:-8080}",
            description = "The HTTP port (TAILRACE_HTTP_PORT; default 8080).")
    private int port = 8080;

    @Option(
            names = "--without",
            paramLabel = "NAME",
            split = ",",
            description = "Does not start: search, a service, a server, telemetry, demo-show.")
    private List<String> without = List.of();

    @Option(
            names = "--with",
            paramLabel = "NAME",
            split = ",",
            description = "Also starts: ai, a small model on this machine that answers questions; needs Python 3.10.")
    private List<String> with = List.of();

    @Option(names = "--detach", description = "Returns when everything is ready; ./tailrace down stops it.")
    private boolean detach;

    @Option(names = "--prepare", hidden = true, description = "Checks what it can, makes the data folder and ends.")
    private boolean prepare;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws Exception {
        Selection selection = selection();
        if (port < 1 || port > 65_535) {
            throw new Fault("--port " + port + ": expected 1 to 65535");
        }
        DataFolder folder = data.folder();
        folder.check();
        folder.requireSpace(FIRST_MIB, LATER_MIB);
        folder.open();
        if (prepare) {
            return 0;
        }
        try (FolderLock lock = FolderLock.take(folder).orElseThrow(() -> alreadyUp(folder))) {
            clearAway(folder);
            requireFreePort();
            if (selection.has(Selection.LOCAL_MODEL)) {
                selection = installed(folder, selection);
            }
            if (!detach) {
                return new Foreground(folder, selection, port, out).run();
            }
        }
        return new Background(folder, selection, port, out).run();
    }

    /** What cannot be had is said and left out: everything else is of use without it. */
    private Selection installed(DataFolder folder, Selection selection) throws InterruptedException {
        LocalModel model = new LocalModel(folder);
        if (!model.isInstalled()) {
            out.println("Installing a small model for --with ai: 127 MB, once.");
        }
        Optional<String> fault = model.install();
        fault.ifPresent(reason -> out.println("Going on without --with ai: " + reason));
        return fault.isPresent() ? selection.withNothingMore() : selection;
    }

    private Selection selection() {
        try {
            return Selection.without(without).with(with);
        } catch (IllegalArgumentException e) {
            throw new Fault(String.valueOf(e.getMessage()), e);
        }
    }

    private void clearAway(DataFolder folder) throws InterruptedException {
        List<String> cleared = LeftBehind.by(RunState.read(folder)).stop();
        if (!cleared.isEmpty()) {
            out.println("Stopped what an earlier tailrace left behind: " + String.join(", ", cleared));
        }
    }

    private void requireFreePort() {
        if (!Ports.isFree(port)) {
            OptionalLong holder = ProcessTable.listener(port);
            throw new Fault("port " + port + " is taken"
                    + (holder.isPresent() ? " by " + ProcessTable.describe(holder.getAsLong()) : "")
                    + "; choose another with --port");
        }
    }

    private static Fault alreadyUp(DataFolder folder) {
        String who = RunState.read(folder)
                .map(state -> " at " + state.origin() + " (process " + state.pid() + ")")
                .orElse("");
        return new Fault("tailrace is already up" + who + " with the data folder " + folder.root()
                + "; ./tailrace down stops it");
    }
}
