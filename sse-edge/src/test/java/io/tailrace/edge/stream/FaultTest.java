package io.tailrace.edge.stream;

import static io.tailrace.edge.stream.LoopBench.LIVE;
import static io.tailrace.edge.stream.LoopBench.P0;
import static io.tailrace.edge.stream.LoopBench.at;
import static io.tailrace.edge.stream.LoopBench.batch;
import static io.tailrace.edge.stream.LoopBench.offsets;
import static io.tailrace.edge.stream.LoopBench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.edge.window.PartitionFacts;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {
    private final LoopBench bench = new LoopBench();
    private final RecordingSink good = new RecordingSink();
    private final RecordingSink bad = new RecordingSink();

    @ParameterizedTest
    @ValueSource(strings = {"isWritable", "append", "flush"})
    void aSinkThatThrowsEndsItsStreamAndTheOthersGetEverything(String method) {
        RecordingSink first = new RecordingSink();
        bench.open(first, wanted("n:a", P0, LIVE));
        bench.open(bad, wanted("n:a", P0, LIVE));
        bench.open(good, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);

        bad.throwIn = method;
        bench.batch(batch(P0, 0, "n:a", "n:a"));
        bench.batch(batch(P0, 2, "n:a"));

        assertThat(offsets(first)).containsExactly(0L, 1L, 2L);
        assertThat(offsets(good)).containsExactly(0L, 1L, 2L);
        assertThat(bad.closed).isTrue();
        assertThat(bench.faults).containsExactly(method + ": out of direct memory");
        assertThat(bench.loop.stats().failedTotal()).isEqualTo(1);
        assertThat(bench.loop.streams()).isEqualTo(2);
        assertThat(bench.asked).containsExactly("subscribe 1/0");
    }

    @Test
    void positionsOfABatchAreNotAppliedToTheNextOneAfterAFault() {
        bench.open(bad, wanted("n:a", P0, LIVE), wanted("n:b", P0, LIVE));
        bench.open(good, wanted("n:a", P0, LIVE), wanted("n:b", P0, LIVE));
        bench.ready(P0, 0, 0);

        bad.throwIn = "append";
        bench.loop.onBatch(batch(P0, 0, "n:a", "n:b"));
        bench.loop.onBatch(batch(P0, 2, "n:secret", "n:secret", "n:a"));
        bench.turn();

        assertThat(offsets(good)).containsExactly(0L, 1L, 4L);
    }

    @Test
    void aFaultInOneTurnLeavesTheOtherStreamsTheirTurns() {
        bench.open(bad, wanted("n:a", P0, at(0)));
        bench.open(good, wanted("n:a", P0, at(0)));
        bench.loop.onPartitionReady(new PartitionFacts(P0, LoopBench.G, 0, 2), List.of(batch(P0, 0, "n:a", "n:a")));
        bad.throwIn = "append";
        bench.turn();

        assertThat(offsets(good)).containsExactly(0L, 1L);
        assertThat(bad.closed).isTrue();
    }

    @Test
    void aSinkThatThrowsWhenItIsClosedIsForgottenAllTheSame() {
        EventStream stream = bench.open(bad, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);

        bad.throwIn = "close";
        bench.loop.close(stream, CloseReason.DRAINING);
        bench.turn();

        assertThat(bench.loop.streams()).isZero();
        assertThat(bench.asked).containsExactly("subscribe 1/0", "release 1/0");
        assertThat(bench.faults).containsExactly("close: out of direct memory");
    }

    @Test
    void aSinkThatThrowsWhenItIsAskedForTheUnsentIsClosed() {
        bench.open(bad, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);
        bad.writable = false;
        bad.throwIn = "unsentBytes";

        bench.after(60_000);

        assertThat(bad.closed).isTrue();
        assertThat(bench.loop.stats().failedTotal()).isEqualTo(1);
    }

    @Test
    void aReplayThatCouldNotBeAskedForIsAskedForAtTheNextTick() {
        bench.open(good, wanted("n:a", P0, at(0)));
        bench.broken = new IllegalStateException("no replay");
        bench.ready(P0, 0, 4);
        assertThat(bench.asked).containsExactly("subscribe 1/0");

        bench.after(100);

        assertThat(bench.asked).containsExactly("subscribe 1/0", "replay 1/0 0");
        assertThat(bench.faults).containsExactly("requestReplay: no replay");
        assertThat(good.closed).isFalse();
    }

    @Test
    void aPartitionThatIsHalfDoneIsForgottenWithItsStreamsAndReadAnew() {
        bench.open(bad, wanted("n:a", P0, at(0)));

        // A window that does not end at the head.
        bench.loop.onPartitionReady(new PartitionFacts(P0, LoopBench.G, 0, 5), List.of(batch(P0, 0, "n:a")));
        bench.open(good, wanted("n:a", P0, at(0)));
        bench.loop.onPartitionReady(new PartitionFacts(P0, LoopBench.G, 0, 1), List.of(batch(P0, 0, "n:a")));
        bench.turn();

        assertThat(bad.closed).isTrue();
        assertThat(bench.asked).containsExactly("subscribe 1/0", "release 1/0", "subscribe 1/0");
        assertThat(offsets(good)).containsExactly(0L);
    }

    @Test
    void aStreamThatCanNotBeOpenedIsClosed() {
        bench.broken = new IllegalStateException("no log");

        bench.open(bad, wanted("n:a", P0, LIVE));
        bench.open(good, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);
        bench.batch(batch(P0, 0, "n:a"));

        assertThat(bad.closed).isTrue();
        assertThat(offsets(good)).containsExactly(0L);
    }
}
