package io.tailrace.bench.seats.rival;

import io.tailrace.kit.boot.ServiceBoot;
import java.util.List;
import java.util.Map;

/** Runs what Tailrace is compared with, as a process of its own. */
public final class RivalMain {
    private RivalMain() {}

    /** Starts, and stops when the JVM is told to end. */
    public static void main(String[] args) {
        var unused = ServiceBoot.run("rival", List.of(), RivalMain.class, args, Map.of());
    }
}
