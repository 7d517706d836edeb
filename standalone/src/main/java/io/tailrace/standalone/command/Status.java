package io.tailrace.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.process.ProcessTable;
import io.tailrace.standalone.supervision.Orphans;
import io.tailrace.standalone.supervision.Orphans.Noted;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./tailrace status}. */
@Command(
        name = "status",
        description = "Shows what is running. Exits with 0 only if everything is.",
        mixinStandardHelpOptions = true)
final class Status implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws JsonProcessingException {
        DataFolder folder = data.folder();
        Optional<RunState> state = RunState.read(folder);
        long nowMs = System.currentTimeMillis();
        List<StatusRow> rows =
                state.map(s -> StatusRow.all(s, nowMs, Status::lives)).orElse(List.of());
        boolean alive = state.isPresent()
                && lives("standalone", state.get().pid(), state.get().startedAtMs());
        String phase = alive ? state.get().phase() : RunState.DOWN;
        boolean up = phase.equals(RunState.UP)
                && rows.stream().allMatch(row -> row.state().equals("ready"));
        if (json) {
            out.println(new ObjectMapper()
                    .writeValueAsString(Map.of(
                            "phase", phase,
                            "up", up,
                            "origin", state.map(RunState::origin).orElse(""),
                            "data", folder.root().toString(),
                            "parts", rows.stream().map(StatusRow::json).toList())));
        } else if (!alive && rows.stream().allMatch(row -> row.pid() == 0)) {
            out.println("Nothing is up with the data folder " + folder.root());
        } else {
            StatusRow.table(rows).forEach(out::println);
            long bytes = rows.stream().mapToLong(StatusRow::residentBytes).sum();
            out.println();
            out.println(phase + " at " + state.map(RunState::origin).orElse("-") + ", " + (bytes >> 20)
                    + " MiB resident, data in " + folder.root());
        }
        return up ? 0 : 1;
    }

    private static boolean lives(String name, long pid, long startedAtMs) {
        return !Orphans.among(List.of(new Noted(name, pid, startedAtMs)), ProcessTable::startedAtMs)
                .isEmpty();
    }
}
