package io.tailrace.bench.inner;

import io.tailrace.edge.window.Batch;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Records to frames: a batch of 64 with its index, beside text that is put together for each. */
@State(Scope.Thread)
public class FramingBenchmark {
    private static final int RECORDS = 64;

    private long offset;

    /** As the edge does it. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public Batch tailrace() {
        offset += RECORDS;
        return Records.batch(offset, RECORDS, i -> "one:0");
    }

    /** As one would write it first. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void baseline(Blackhole hole) {
        offset += RECORDS;
        for (int i = 0; i < RECORDS; i++) {
            hole.consume(Records.frame(offset + i, "one:0").getBytes(StandardCharsets.UTF_8));
        }
    }
}
