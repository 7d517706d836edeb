package io.tailrace.standalone.command;

import io.tailrace.standalone.backend.Installation;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.EnvironmentFile;
import io.tailrace.standalone.data.Ports;
import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.data.SmallFile;
import io.tailrace.standalone.process.LogFile;
import io.tailrace.standalone.process.ProcessTable;
import io.tailrace.standalone.process.Supervisor;
import io.tailrace.standalone.process.Supervisor.Snapshot;
import io.tailrace.standalone.process.Supervisor.StartFailure;
import io.tailrace.standalone.progress.ProgressDisplay;
import io.tailrace.standalone.service.Composition;
import io.tailrace.standalone.supervision.Backoff;
import io.tailrace.standalone.supervision.Selection;
import io.tailrace.standalone.supervision.Supervision;
import io.tailrace.standalone.token.SigningKey;
import io.tailrace.standalone.token.TokenIssuer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import sun.misc.Signal;

/** Runs everything under this process until it is told to stop. The caller holds the folder's lock. */
final class Foreground {
    private static final int PASSWORD_BYTES = 24;
    private static final int SHOWN_LOG_LINES = 12;

    private final DataFolder folder;
    private final Selection selection;
    private final int port;
    private final PrintStream out;
    private final long pid = ProcessHandle.current().pid();
    private final long startedAtMs = ProcessTable.startedAtMs(pid).orElse(0L);
    private final String origin;
    private boolean welcomed;

    Foreground(DataFolder folder, Selection selection, int port, PrintStream out) {
        this.folder = folder;
        this.selection = selection;
        this.port = port;
        this.out = out;
        this.origin = "http://localhost:" + port;
    }

    int run() throws InterruptedException, IOException {
        // Before the first logger is made: the terminal is for progress.
        System.setProperty("logback.configurationFile", "logback-standalone.xml");
        System.setProperty("tailrace.log.file", folder.log("standalone").toString());
        SigningKey key = SigningKey.in(folder);
        Composition composition = new Composition(
                new Installation(Path.of(System.getProperty("tailrace.home", "."))),
                folder,
                selection,
                Ports.choose(folder, Composition.PORT_NAMES, new SplittableRandom()),
                port,
                key,
                postgresPassword(),
                System.getenv());
        composition.declareProviders();
        EnvironmentFile.write(folder, composition.environment().variables());
        Welcome welcome = new Welcome(origin, selection, new TokenIssuer(key, InstantSource.system()));
        try (ProgressDisplay display = new ProgressDisplay(out, Boolean.getBoolean("tailrace.terminal"))) {
            Supervisor supervisor = new Supervisor(
                    new Supervision(composition.parts(), Backoff.DEFAULT),
                    composition.units(),
                    InstantSource.system(),
                    snapshot -> publish(snapshot, display, welcome, composition::grpcPort));
            for (String signal : List.of("INT", "TERM", "HUP")) {
                Signal.handle(new Signal(signal), _ -> supervisor.requestStop());
            }
            Optional<StartFailure> failure = supervisor.run();
            failure.map(Foreground::explanation).orElse(List.of()).forEach(System.err::println);
            return failure.isPresent() ? 1 : 0;
        }
    }

    private void publish(Snapshot snapshot, ProgressDisplay display, Welcome welcome, Supplier<OptionalInt> grpcPort) {
        RunState state = new RunState(snapshot.phase(), origin, pid, startedAtMs, snapshot.parts());
        state.write(folder);
        display.show(state);
        if (!welcomed && state.phase().equals(RunState.UP)) {
            welcomed = true;
            display.print(welcome.lines(display.elapsedSeconds(), grpcPort.get()));
        }
    }

    /** What the person is told: a line, and the end of the log if there is one. What failed earlier than its process has none. */
    static List<String> explanation(StartFailure failure) {
        LogFile log = failure.log();
        List<String> lines = new ArrayList<>();
        String reason = "tailrace: " + failure.part() + " did not come up: " + failure.reason();
        if (log == null || !Files.exists(log.path())) {
            return List.of(reason);
        }
        lines.add(reason + "; it wrote to " + log.path());
        log.lastLines(SHOWN_LOG_LINES).forEach(line -> lines.add("  | " + line));
        return lines;
    }

    private String postgresPassword() throws IOException {
        Path file = folder.keys().resolve("postgres.password");
        if (!Files.exists(file)) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            SmallFile.writeSecret(file, HexFormat.of().formatHex(random));
        }
        return Files.readString(file).strip();
    }
}
