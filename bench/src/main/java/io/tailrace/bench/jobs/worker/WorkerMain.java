package io.tailrace.bench.jobs.worker;

import io.tailrace.kit.boot.ServiceBoot;
import java.util.Map;

/** Runs the service {@code workers} with the handler of this benchmark. */
public final class WorkerMain {
    private WorkerMain() {}

    /** Starts, and stops when the JVM is told to end. */
    public static void main(String[] args) {
        var unused = ServiceBoot.run("workers", WorkerMain.class, args, Map.of());
    }
}
