package io.tailrace.search;

import io.tailrace.kit.boot.ServiceBoot;
import java.util.Map;

/** Runs the indexer and the search API as a process of their own. */
public final class Main {
    private Main() {}

    /**
     * Starts.
     *
     * @param args settings as {@code -tailrace.http.port=8081}
     */
    public static void main(String[] args) {
        ServiceBoot.run("search-indexer", Main.class, args, Map.of());
    }
}
