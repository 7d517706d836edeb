package io.tailrace.bench.edge.rival;

import io.micronaut.runtime.Micronaut;
import java.util.List;
import java.util.Map;

/** Runs {@link PlainController} as a process of its own. */
public final class PlainMain {
    private PlainMain() {}

    /**
     * Starts, and stops when the JVM is told to end.
     *
     * @param args the port, then the topics
     */
    public static void main(String[] args) {
        Micronaut.build(new String[0])
                .mainClass(PlainMain.class)
                .properties(Map.of(
                        "micronaut.server.host",
                        "127.0.0.1",
                        "micronaut.server.port",
                        args[0],
                        "micronaut.server.idle-timeout",
                        "10m",
                        "micronaut.server.netty.parent.transport",
                        List.of("epoll", "nio"),
                        "micronaut.netty.event-loops.default.transport",
                        List.of("epoll", "nio"),
                        "bench.plain.topics",
                        List.of(args).subList(1, args.length)))
                .start();
    }
}
