package io.tailrace.edge.stream;

import static io.tailrace.edge.stream.LoopBench.LIVE;
import static io.tailrace.edge.stream.LoopBench.P0;
import static io.tailrace.edge.stream.LoopBench.P1;
import static io.tailrace.edge.stream.LoopBench.Q0;
import static io.tailrace.edge.stream.LoopBench.batch;
import static io.tailrace.edge.stream.LoopBench.offsets;
import static io.tailrace.edge.stream.LoopBench.position;
import static io.tailrace.edge.stream.LoopBench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.BatchBuilder;
import org.junit.jupiter.api.Test;

class LiveDeliveryTest {
    private final LoopBench bench = new LoopBench();
    private final RecordingSink sink = new RecordingSink();

    @Test
    void aStreamGetsTheEventsOfItsChannelsFromItsOpeningOn() {
        bench.open(sink, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 10);

        bench.batch(batch(P0, 10, "n:a", "n:b", "n:a"));

        assertThat(sink.types()).containsExactly("stream.open", "e", "e");
        assertThat(offsets(sink)).containsExactly(10L, 12L);
        assertThat(position(sink, P0).nextOffset()).isEqualTo(13);
    }

    @Test
    void aBurstIsOneAppendAndOneFlush() {
        bench.open(sink, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);
        int appends = sink.appends;
        int flushes = sink.flushes;

        bench.batch(batch(P0, 0, "n:a", "n:a", "n:a", "n:a", "n:a", "n:a", "n:a", "n:a"));

        assertThat(sink.appends - appends).isEqualTo(1);
        assertThat(sink.flushes - flushes).isEqualTo(1);
        assertThat(offsets(sink)).hasSize(8);
    }

    @Test
    void channelsOfOnePartitionComeInTheOrderOfTheLog() {
        bench.open(sink, wanted("n:a", P0, LIVE), wanted("n:b", P0, LIVE), wanted("n:c", P0, LIVE));
        bench.ready(P0, 0, 0);

        bench.batch(batch(P0, 0, "n:c", "n:a", "n:x", "n:b", "n:c", "n:a"));

        assertThat(offsets(sink)).containsExactly(0L, 1L, 3L, 4L, 5L);
    }

    @Test
    void anIdHasThePositionsOfAllPartitions() {
        bench.open(sink, wanted("n:a", P0, LIVE), wanted("n:b", P1, LIVE), wanted("m:c", Q0, LIVE));
        bench.ready(P0, 0, 5);
        bench.ready(P1, 0, 7);
        bench.ready(Q0, 0, 9);

        bench.batch(batch(P1, 7, "n:b"));
        bench.batch(batch(P0, 5, "n:x", "n:a"));

        assertThat(position(sink, P0).nextOffset()).isEqualTo(7);
        assertThat(position(sink, P1).nextOffset()).isEqualTo(8);
        assertThat(position(sink, Q0).nextOffset()).isEqualTo(9);
    }

    @Test
    void aBatchThatWasSeenAlreadyIsIgnored() {
        bench.open(sink, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);
        bench.batch(batch(P0, 0, "n:a", "n:a"));

        bench.batch(batch(P0, 0, "n:a", "n:a"));
        bench.batch(batch(P0, 1, "n:a", "n:a"));

        assertThat(offsets(sink)).containsExactly(0L, 1L, 2L);
    }

    @Test
    void whatATailerSkippedIsReplayedFromTheLog() {
        bench.open(sink, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);
        bench.batch(batch(P0, 0, "n:a"));

        bench.batch(batch(P0, 3, "n:a"));
        bench.loop.onReplay(batch(P0, 1, "n:a", "n:a"), 0);
        bench.turn();

        assertThat(bench.asked).contains("replay 1/0 1");
        assertThat(offsets(sink)).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void aBatchOfAnotherGenerationIsIgnored() {
        bench.open(sink, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);

        bench.batch(new BatchBuilder(P0, new Generation(1), 0)
                .add(0, "n:a", "e", "i", "t", null)
                .build(1));

        assertThat(offsets(sink)).isEmpty();
    }

    @Test
    void aPartitionIsSubscribedWithItsFirstStreamAndReleasedWithItsLast() {
        EventStream one = bench.open(new RecordingSink(), wanted("n:a", P0, LIVE));
        EventStream two = bench.open(new RecordingSink(), wanted("n:b", P0, LIVE));

        bench.loop.onDisconnected(one);
        bench.turn();
        assertThat(bench.asked).containsExactly("subscribe 1/0");
        bench.loop.onDisconnected(two);
        bench.turn();

        assertThat(bench.asked).containsExactly("subscribe 1/0", "release 1/0");
        assertThat(bench.loop.streams()).isZero();
    }

    @Test
    void aConnectionThatIsGoneIsNotWrittenTo() {
        EventStream stream = bench.open(sink, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);
        int appends = sink.appends;

        bench.loop.onDisconnected(stream);
        bench.batch(batch(P0, 0, "n:a"));
        bench.after(60_000);

        assertThat(sink.appends).isEqualTo(appends);
        assertThat(sink.closed).isFalse();
    }
}
