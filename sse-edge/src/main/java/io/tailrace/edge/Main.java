package io.tailrace.edge;

import io.tailrace.kit.boot.ServiceBoot;
import java.util.Map;

/** Runs the edge alone. */
public final class Main {
    private Main() {}

    /** Starts, and stops when the JVM is told to end. */
    public static void main(String[] args) {
        var unused = ServiceBoot.run("sse-edge", Main.class, args, Map.of());
    }
}
