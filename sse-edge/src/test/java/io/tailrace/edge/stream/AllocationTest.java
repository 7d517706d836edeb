package io.tailrace.edge.stream;

import static io.tailrace.edge.stream.LoopBench.LIVE;
import static io.tailrace.edge.stream.LoopBench.P0;
import static io.tailrace.edge.stream.LoopBench.Q0;
import static io.tailrace.edge.stream.LoopBench.batch;
import static io.tailrace.edge.stream.LoopBench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tailrace.edge.window.Batch;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is paid per delivery is paid ten thousand times per event: it must not be garbage. */
class AllocationTest {
    private static final int STREAMS = 500;
    private static final int BATCHES = 400;

    /** A sink that costs nothing itself. */
    private static final class NullSink implements StreamSink {
        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void append(byte[] bytes, int from, int length) {}

        @Override
        public void flush() {}

        @Override
        public long unsentBytes() {
            return 0;
        }

        @Override
        public long pendingBytes() {
            return 0;
        }

        @Override
        public void close() {}
    }

    @Test
    void aDeliveryToAStreamOfOnePartitionAllocatesNothing() {
        assertThat(bytesPerDelivery(wanted("n:a", P0, LIVE))).isLessThan(2);
    }

    @Test
    void aDeliveryToAStreamOfSeveralPartitionsAllocatesNothing() {
        assertThat(bytesPerDelivery(wanted("n:a", P0, LIVE), wanted("m:a", Q0, LIVE)))
                .isLessThan(2);
    }

    @Test
    void aDeliveryToALaneOfSeveralChannelsAllocatesNothing() {
        assertThat(bytesPerDelivery(wanted("n:a", P0, LIVE), wanted("n:b", P0, LIVE)))
                .isLessThan(2);
    }

    @Test
    void aMessageForAWebSocketAllocatesNothing() {
        assertThat(bytesPerDelivery(StreamPlan.Mode.WEBSOCKET, wanted("n:a", P0, LIVE)))
                .isLessThan(2);
        assertThat(bytesPerDelivery(StreamPlan.Mode.WEBSOCKET, wanted("n:a", P0, LIVE), wanted("m:a", Q0, LIVE)))
                .isLessThan(2);
    }

    private static double bytesPerDelivery(WantedChannel... channels) {
        return bytesPerDelivery(StreamPlan.Mode.CHANNELS, channels);
    }

    private static double bytesPerDelivery(StreamPlan.Mode mode, WantedChannel... channels) {
        LoopBench bench = new LoopBench();
        for (int i = 0; i < STREAMS; i++) {
            bench.loop.open(
                    new StreamPlan("c" + i, mode, List.of(channels), false, null, Long.MAX_VALUE),
                    new NullSink(),
                    bench.nowMs);
        }
        bench.ready(P0, 0, 0);
        bench.ready(Q0, 0, 0);
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < 2 * BATCHES; i++) {
            batches.add(batch(P0, i, "n:a"));
        }
        run(bench, batches.subList(0, BATCHES));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        long before = threads.getCurrentThreadAllocatedBytes();
        run(bench, batches.subList(BATCHES, 2 * BATCHES));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(bench.loop.stats().deliveriesTotal()).isEqualTo(2L * BATCHES * STREAMS);
        return (double) allocated / BATCHES / STREAMS;
    }

    private static void run(LoopBench bench, List<Batch> batches) {
        for (Batch batch : batches) {
            bench.loop.onBatch(batch);
            bench.turn();
        }
    }
}
