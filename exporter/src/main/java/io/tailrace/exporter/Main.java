package io.tailrace.exporter;

import io.tailrace.kit.boot.ServiceBoot;
import java.util.Map;

/** Runs exports in a process of its own, with health and metrics over HTTP. */
public final class Main {
    private Main() {}

    /**
     * Starts.
     *
     * @param args settings as {@code -tailrace.http.port=8081}
     */
    public static void main(String[] args) {
        ServiceBoot.run("exporter", Main.class, args, Map.of());
    }
}
