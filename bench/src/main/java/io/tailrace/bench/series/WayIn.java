package io.tailrace.bench.series;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How readings come in. Used by several threads, each with a batch of its own at a time. */
interface WayIn extends AutoCloseable {
    /** A reading. */
    record Sample(String metric, int value, long timestampMs) {}

    /** How it is called in the table. */
    String label();

    /** New metrics, as {@link Sample} names them. */
    List<String> metrics(int count) throws Exception;

    /** Sends readings; completes when all of them are in the log, and fails if one was not taken. */
    CompletableFuture<Void> send(int writer, List<Sample> batch) throws Exception;

    /** How many batches one writer has under way. */
    int depth();

    /** The ids of the metrics, once there are readings of each. */
    List<String> ids(List<String> metrics) throws Exception;

    @Override
    void close() throws Exception;
}
