package io.tailrace.bench.inner;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.stream.LogPort;
import io.tailrace.edge.stream.Start;
import io.tailrace.edge.stream.StreamLoop;
import io.tailrace.edge.stream.StreamPlan;
import io.tailrace.edge.stream.StreamSettings;
import io.tailrace.edge.stream.WantedChannel;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * 1,000 streams and 16 records, from the record to the bytes before the connection: all to one channel that every stream has,
 * or each to a channel that one stream has. Beside it what hubs commonly do: a queue for each connection, which has to look
 * at each record where there is no index.
 */
@State(Scope.Thread)
public class FanOutBenchmark implements LogPort {
    private static final int STREAMS = 1_000;
    private static final int RECORDS = 16;

    /** Whether all streams have one channel. */
    @Param({"true", "false"})
    public boolean shared;

    private final StreamLoop loop = new StreamLoop(StreamSettings.DEFAULTS, this, new Random(42), (during, cause) -> {
        throw new IllegalStateException(during, cause);
    });
    private final List<ArrayDeque<byte[]>> queues = new ArrayList<>();
    private final List<String> channels = new ArrayList<>();
    private final byte[] memory = MemorySink.memory();
    private long offset;
    private long nowMs;

    /** Opens the streams. */
    @Setup
    public void open() {
        for (int i = 0; i < STREAMS; i++) {
            String channel = channel(i);
            loop.open(
                    new StreamPlan(
                            "c" + i,
                            StreamPlan.Mode.CHANNELS,
                            List.of(new WantedChannel(channel, Records.PARTITION, new Start.Live())),
                            false,
                            null,
                            Long.MAX_VALUE),
                    new MemorySink(memory),
                    nowMs);
            channels.add(channel);
            queues.add(new ArrayDeque<>());
        }
        loop.turn(nowMs);
        loop.onPartitionReady(new PartitionFacts(Records.PARTITION, Records.GENERATION, 0, 0), List.of());
        loop.turn(nowMs);
    }

    /** As the edge does it. One operation is one record to everybody who wants it. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public boolean tailrace() {
        loop.onBatch(Records.batch(offset, RECORDS, this::recordChannel));
        offset += RECORDS;
        return loop.turn(++nowMs);
    }

    /** As hubs commonly do it. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int baseline() {
        for (int i = 0; i < RECORDS; i++) {
            String channel = recordChannel(i);
            byte[] frame = Records.frame(offset++, channel).getBytes(StandardCharsets.UTF_8);
            for (int stream = 0; stream < STREAMS; stream++) {
                if (channels.get(stream).equals(channel)) {
                    queues.get(stream).add(frame);
                }
            }
        }
        int total = 0;
        for (ArrayDeque<byte[]> queue : queues) {
            int length = 0;
            byte[] frame;
            while ((frame = queue.poll()) != null) {
                System.arraycopy(frame, 0, memory, length, frame.length);
                length += frame.length;
            }
            total += length;
        }
        return total + Arrays.hashCode(new byte[] {memory[0]});
    }

    private String recordChannel(int i) {
        return channel((int) ((offset + i) % STREAMS));
    }

    private String channel(int i) {
        return shared ? "one:0" : "one:" + i;
    }

    @Override
    public void subscribe(PartitionId partition) {}

    @Override
    public void release(PartitionId partition) {}

    @Override
    public void requestLogEnd(PartitionId partition, int epoch, long ask) {}

    @Override
    public void requestReplay(PartitionId partition, Generation generation, long fromOffset) {}
}
