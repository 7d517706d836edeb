package io.tailrace.standalone.command;

import io.tailrace.standalone.backend.Installation;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.process.Session;
import io.tailrace.standalone.progress.ProgressDisplay;
import io.tailrace.standalone.supervision.Selection;
import io.tailrace.standalone.token.SigningKey;
import io.tailrace.standalone.token.TokenIssuer;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Runs {@code up} in a process and a session of its own, and returns when it is ready or has failed. */
final class Background {
    private static final long PAUSE_MS = 100;

    private final DataFolder folder;
    private final Selection selection;
    private final int port;
    private final PrintStream out;

    Background(DataFolder folder, Selection selection, int port, PrintStream out) {
        this.folder = folder;
        this.selection = selection;
        this.port = port;
        this.out = out;
    }

    int run() throws IOException, InterruptedException {
        Path errors = Files.createTempFile(folder.run(), "up-", ".err");
        try {
            Process child = new ProcessBuilder(Session.own(command()))
                    .redirectOutput(folder.log("up").toFile())
                    .redirectError(errors.toFile())
                    .start();
            child.getOutputStream().close();
            boolean ready = follow(child);
            Files.readAllLines(errors).forEach(System.err::println);
            return ready ? 0 : Math.max(1, child.exitValue());
        } finally {
            Files.deleteIfExists(errors);
        }
    }

    private boolean follow(Process child) throws InterruptedException {
        try (ProgressDisplay display = new ProgressDisplay(out, Boolean.getBoolean("tailrace.terminal"))) {
            while (true) {
                Optional<RunState> state = RunState.read(folder).filter(s -> s.pid() == child.pid());
                state.ifPresent(display::show);
                if (state.isPresent() && state.get().phase().equals(RunState.UP)) {
                    TokenIssuer issuer = new TokenIssuer(SigningKey.in(folder), InstantSource.system());
                    display.print(new Welcome(state.get().origin(), selection, issuer)
                            .lines(display.elapsedSeconds(), OptionalInt.empty()));
                    return true;
                }
                if (child.waitFor(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
        }
    }

    /** This JVM's own options, and the same command without {@code --detach}. */
    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Installation.java().toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-Dtailrace.terminal=false");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.tailrace.standalone.Main", "up"));
        command.addAll(List.of("--data", folder.root().toString(), "--port", String.valueOf(port)));
        if (!selection.without().isEmpty()) {
            command.addAll(List.of("--without", String.join(",", selection.without())));
        }
        if (selection.has(Selection.LOCAL_MODEL)) {
            command.addAll(List.of("--with", Selection.AI));
        }
        return command;
    }
}
