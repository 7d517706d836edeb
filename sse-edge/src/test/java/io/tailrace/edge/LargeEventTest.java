package io.tailrace.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.tailrace.backends.Eventually;
import io.tailrace.edge.loop.EdgeLoop;
import io.tailrace.edge.loop.EdgeLoops;
import io.tailrace.edge.stream.LoopStats;
import io.tailrace.edge.testing.CountingClient;
import io.tailrace.edge.testing.Leaks;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.TestBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many streams of one channel and large events. As many streams as one likes: {@code -Dtailrace.large-events.streams=1000}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class LargeEventTest {
    private static final Logger LOG = LoggerFactory.getLogger(LargeEventTest.class);
    private static final int STREAMS = Integer.getInteger("tailrace.large-events.streams", 100);
    private static final int EVENTS = 10;
    private static final int EVENT_BYTES = 1 << 20;

    /** Of each event loop. */
    private static final int PENDING_BYTES = 2 << 20;

    private static final int RESERVE_BYTES = 4 << 10;

    private final RunningEdge edge = RunningEdge.start(Map.of(
            "tailrace.edge.stream.pending-bytes",
            PENDING_BYTES,
            "tailrace.edge.stream.reserve-bytes",
            RESERVE_BYTES,
            "tailrace.edge.max-connections-per-address",
            0));

    @AfterAll
    void stop() {
        assertThat(Leaks.found()).isEmpty();
        edge.close();
    }

    @Test
    void manyReadersOfLargeEventsGetEachOnceInBoundedMemory() {
        // given
        String channel = Numbered.channel("news");
        AtomicLong mostDirectBytes = new AtomicLong();
        Runnable sample = () -> mostDirectBytes.accumulateAndGet(directBytes(), Math::max);
        List<CountingClient> early = new ArrayList<>();
        List<CountingClient> late = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            (i % 2 == 0 ? early : late).add(new CountingClient(edge.port(), channel, EVENTS, sample));
        }
        early.forEach(CountingClient::awaitOpen);
        late.forEach(CountingClient::awaitOpen);
        long before = directBytes();

        // when
        early.forEach(CountingClient::read);
        String padding = "x".repeat(EVENT_BYTES);
        for (int n = 0; n < EVENTS; n++) {
            TestBroker.shared().publish(channel, "note", "{\"n\":" + n + ",\"p\":\"" + padding + "\"}");
        }

        // then those who read get everything, whatever is pending for those who do not
        for (CountingClient client : early) {
            assertThat(client.events()).isEqualTo(Numbered.range(0, EVENTS));
        }
        late.forEach(CountingClient::read);
        for (CountingClient client : late) {
            assertThat(client.events()).isEqualTo(Numbered.range(0, EVENTS));
        }
        long loops = edge.part(EdgeLoops.class).all().size();
        long bound = loops * PENDING_BYTES + (long) STREAMS * RESERVE_BYTES;
        LOG.info(
                "{} streams, {} event loops: most direct bytes {}, before {}, expected about {}, held back {}",
                STREAMS,
                loops,
                mostDirectBytes.get(),
                before,
                bound,
                sum(LoopStats::heldBackTotal));
        // The pool rounds up: a buffer's length to a power of two, and what it takes from the system to whole chunks.
        assertThat(mostDirectBytes.get() - before).isLessThan(2 * bound + loops * (8 << 20));
        assertThat(sum(LoopStats::failedTotal) + sum(LoopStats::cutTotal) + sum(LoopStats::stalledTotal))
                .isZero();
        assertThat(edge.part(EdgeLoops.class).all().stream()
                        .mapToLong(EdgeLoop::faultsTotal)
                        .sum())
                .isZero();
        Eventually.holds("nothing is pending", () -> sum(LoopStats::pendingBytes) == 0);
        early.forEach(CountingClient::close);
        late.forEach(CountingClient::close);
    }

    private long sum(ToLongFunction<LoopStats> field) {
        return edge.part(EdgeLoops.class).stats().stream().mapToLong(field).sum();
    }

    private static long directBytes() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }
}
