package io.tailrace.projections;

import io.tailrace.kit.boot.ServiceBoot;
import java.util.Map;

/** Runs the projections as a process of their own, with health and metrics over HTTP. */
public final class Main {
    private Main() {}

    /**
     * Starts.
     *
     * @param args settings as {@code -tailrace.http.port=8081}
     */
    public static void main(String[] args) {
        ServiceBoot.run("projections", Main.class, args, Map.of());
    }
}
