package io.tailrace.standalone.service;

import io.tailrace.standalone.backend.Heap;
import io.tailrace.standalone.backend.HttpProbe;
import io.tailrace.standalone.backend.Installation;
import io.tailrace.standalone.backend.JavaCommand;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.process.Launch;
import io.tailrace.standalone.process.Probe;
import io.tailrace.standalone.process.Server;
import io.tailrace.standalone.process.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code event-dispatcher} in a JVM of its own: a stream that rebalances or restores takes no time from the edges.
 *
 * @param installation where its class path is
 * @param folder where its logs, archives and state stores go
 * @param port for its health
 * @param environment how it reaches the others
 */
public record Dispatcher(Installation installation, DataFolder folder, int port, Environment environment)
        implements Server {
    /** Its name. */
    public static final String NAME = "event-dispatcher";

    private static final Heap HEAP = new Heap(48, 96, 192);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Launch prepare(Unit.Progress progress) throws IOException {
        Path home = Files.createDirectories(folder.of(NAME));
        Map<String, String> variables = new LinkedHashMap<>(environment.variables());
        variables.put(Environment.HTTP_PORT, String.valueOf(port));
        variables.put("TAILRACE_DISPATCHER_STATE_DIR", home.toString());
        // With an arena for each thread glibc keeps memory that RocksDB has given back.
        variables.put("MALLOC_ARENA_MAX", "2");
        List<String> command = new JavaCommand(NAME, folder.cds(), HEAP, List.of(), installation.classPath(NAME))
                .running("io.tailrace.dispatcher.Main");
        return Launch.of(command, variables, home);
    }

    /** It says that it is ready when its streams are running. */
    @Override
    public Probe probe() {
        return HttpProbe.readiness(port);
    }
}
