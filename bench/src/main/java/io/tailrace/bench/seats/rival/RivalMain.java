package io.tailrace.bench.seats.rival;

import io.micronaut.runtime.Micronaut;
import java.util.List;
import java.util.Map;

/** Runs what Tailrace is compared with, as a process of its own. */
public final class RivalMain {
    private RivalMain() {}

    /** Starts, and stops when the JVM is told to end. */
    public static void main(String[] args) {
        Micronaut.build(args)
                .mainClass(RivalMain.class)
                .properties(Map.of(
                        "micronaut.server.host",
                        "127.0.0.1",
                        "micronaut.server.port",
                        System.getenv("TAILRACE_HTTP_PORT"),
                        "micronaut.server.netty.parent.transport",
                        List.of("epoll", "nio"),
                        "micronaut.netty.event-loops.default.transport",
                        List.of("epoll", "nio"),
                        "jackson.property-naming-strategy",
                        "SNAKE_CASE"))
                .start();
    }
}
