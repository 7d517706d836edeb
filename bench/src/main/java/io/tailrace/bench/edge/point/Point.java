package io.tailrace.bench.edge.point;

import io.tailrace.bench.edge.server.Server;
import java.io.IOException;

/** One load. Run again and again, on each server in turn. */
public interface Point extends AutoCloseable {
    /** Its name for {@code --point} and in the report. */
    String name();

    /** Whether it makes sense for this kind of server. */
    boolean appliesTo(String server);

    /** Runs it once. */
    Sample measure(Server server) throws IOException, InterruptedException;

    @Override
    default void close() {}
}
