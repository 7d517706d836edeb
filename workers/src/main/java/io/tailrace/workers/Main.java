package io.tailrace.workers;

import io.tailrace.kit.boot.ServiceBoot;
import java.util.Map;

/** Runs jobs in a process of its own, with health and metrics over HTTP. */
public final class Main {
    private Main() {}

    /**
     * Starts.
     *
     * @param args settings as {@code -tailrace.http.port=8081}
     */
    public static void main(String[] args) {
        ServiceBoot.run("workers", Main.class, args, Map.of());
    }
}
