package io.tailrace.ingest;

import io.tailrace.kit.boot.ServiceBoot;
import java.util.Map;

/** Runs ingest-api alone, as a process of its own. */
public final class Main {
    private Main() {}

    /** Starts the service; it runs until the JVM is told to end. */
    public static void main(String[] args) {
        var unused = ServiceBoot.run("ingest-api", Main.class, args, Map.of());
    }
}
