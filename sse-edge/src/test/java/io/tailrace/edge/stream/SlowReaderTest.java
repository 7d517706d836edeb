package io.tailrace.edge.stream;

import static io.tailrace.edge.stream.LoopBench.LIVE;
import static io.tailrace.edge.stream.LoopBench.P0;
import static io.tailrace.edge.stream.LoopBench.batch;
import static io.tailrace.edge.stream.LoopBench.offsets;
import static io.tailrace.edge.stream.LoopBench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlowReaderTest {
    /** A window of one batch, so that what is older must be replayed. */
    private static final StreamSettings SMALL = new StreamSettings(
            1, 1_000_000, 64 << 10, 1 << 20, 16 << 10, 1_000, 15_000, 15_000, 10_000, 2_000, 60_000, 64 << 10, 1_000,
            16L << 20, 4 << 10);

    private final RecordingSink sink = new RecordingSink();

    @Test
    void aReaderThatCatchesUpGetsItFromTheWindow() {
        LoopBench bench = new LoopBench();
        EventStream stream = live(bench);
        sink.writable = false;
        bench.batch(batch(P0, 0, "n:a", "n:a"));
        bench.batch(batch(P0, 2, "n:a"));
        assertThat(offsets(sink)).isEmpty();

        sink.writable = true;
        bench.loop.onWritable(stream);
        bench.turn();

        assertThat(offsets(sink)).containsExactly(0L, 1L, 2L);
        assertThat(bench.asked).noneMatch(asked -> asked.startsWith("replay"));
        assertThat(bench.loop.describe(stream).state()).isEqualTo(LanePhase.LIVE);
    }

    @Test
    void aReaderBehindTheWindowGetsItFromTheLog() {
        LoopBench bench = new LoopBench(SMALL);
        EventStream stream = live(bench);
        sink.writable = false;
        bench.batch(batch(P0, 0, "n:a", "n:a"));
        bench.batch(batch(P0, 2, "n:a"));

        sink.writable = true;
        bench.loop.onWritable(stream);
        bench.turn();
        assertThat(bench.asked).contains("replay 1/0 0");
        bench.loop.onReplay(batch(P0, 0, "n:a", "n:a"), 0);
        bench.turn();

        assertThat(offsets(sink)).containsExactly(0L, 1L, 2L);
        assertThat(bench.loop.describe(stream).state()).isEqualTo(LanePhase.LIVE);
    }

    @Test
    void aReaderBehindRetentionIsToldWhatIsLost() {
        LoopBench bench = new LoopBench(SMALL);
        EventStream stream = live(bench);
        sink.writable = false;
        bench.batch(batch(P0, 0, "n:a", "n:a", "n:a", "n:a"));
        bench.batch(batch(P0, 4, "n:a"));
        sink.writable = true;
        bench.loop.onWritable(stream);
        bench.turn();

        bench.loop.onReplayGap(P0, LoopBench.G, 3);
        bench.turn();
        bench.loop.onReplay(batch(P0, 3, "n:a"), 0);
        bench.turn();

        assertThat(sink.types()).containsExactly("stream.open", "stream.gap", "e", "e");
        assertThat(sink.data("stream.gap")).containsExactly("{\"channels\":[\"n:a\"],\"from\":0,\"to\":3,\"lost\":3}");
        assertThat(offsets(sink)).containsExactly(3L, 4L);
    }

    @Test
    void aSlowReaderDoesNotHoldUpAnother() {
        LoopBench bench = new LoopBench();
        live(bench);
        RecordingSink fast = new RecordingSink();
        bench.open(fast, wanted("n:a", P0, LIVE));
        sink.writable = false;

        bench.batch(batch(P0, 0, "n:a", "n:a"));

        assertThat(offsets(fast)).containsExactly(0L, 1L);
        assertThat(offsets(sink)).isEmpty();
    }

    @Test
    void readersOfTheSameStretchShareItsChunks() {
        LoopBench bench = new LoopBench(SMALL);
        bench.open(sink, wanted("n:a", P0, LoopBench.at(0)));
        RecordingSink other = new RecordingSink();
        bench.open(other, wanted("n:b", P0, LoopBench.at(1)));
        bench.ready(P0, 0, 4);

        bench.loop.onReplay(batch(P0, 0, "n:a", "n:b", "n:a", "n:b"), 0);
        bench.turn();

        assertThat(bench.asked).containsExactly("subscribe 1/0", "replay 1/0 0");
        assertThat(offsets(sink)).containsExactly(0L, 2L);
        assertThat(offsets(other)).containsExactly(1L, 3L);
    }

    @Test
    void aFailedReplayIsAskedForAgainAtTheNextTick() {
        LoopBench bench = new LoopBench(SMALL);
        bench.open(sink, wanted("n:a", P0, LoopBench.at(0)));
        bench.ready(P0, 0, 4);

        bench.loop.onReplayFailed(P0, LoopBench.G, 0);
        bench.turn();
        assertThat(bench.asked).containsExactly("subscribe 1/0", "replay 1/0 0");
        bench.after(100);

        assertThat(bench.asked).containsExactly("subscribe 1/0", "replay 1/0 0", "replay 1/0 0");
    }

    @Test
    void aReaderThatTakesNothingIsClosedAfterTheStallTimeoutAndASlowOneIsNot() {
        LoopBench bench = new LoopBench(SMALL);
        live(bench);
        RecordingSink slow = new RecordingSink();
        bench.open(slow, wanted("n:a", P0, LIVE));
        sink.writable = false;
        slow.writable = false;
        sink.unsentBytes = 5_000;

        for (int i = 0; i < 60; i++) {
            slow.unsentBytes = 5_000L - i;
            bench.after(1_000);
        }

        assertThat(sink.closed).isTrue();
        assertThat(sink.types()).doesNotContain("stream.closing");
        assertThat(slow.closed).isFalse();
        assertThat(bench.loop.stats().stalledTotal()).isEqualTo(1);
    }

    private EventStream live(LoopBench bench) {
        EventStream stream = bench.open(sink, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);
        return stream;
    }
}
