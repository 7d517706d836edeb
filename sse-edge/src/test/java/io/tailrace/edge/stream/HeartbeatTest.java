package io.tailrace.edge.stream;

import static io.tailrace.edge.stream.LoopBench.LIVE;
import static io.tailrace.edge.stream.LoopBench.P0;
import static io.tailrace.edge.stream.LoopBench.batch;
import static io.tailrace.edge.stream.LoopBench.offsets;
import static io.tailrace.edge.stream.LoopBench.position;
import static io.tailrace.edge.stream.LoopBench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client is given to see that its connection is alive. */
class HeartbeatTest {
    private static final int SECONDS = 10;

    private final LoopBench bench = new LoopBench();
    private final RecordingSink sink = new RecordingSink();

    @Test
    void aCommentIsOneLineThatNoDecoderTakesForTheEndOfAnEvent() {
        EventStream stream = bench.loop.open(plan(StreamPlan.Mode.CHANNELS, 0), sink, bench.nowMs);
        bench.ready(P0, 0, 0);
        long before = stream.writtenBytes;

        bench.after(15_000);
        bench.after(15_000);

        assertThat(sink.comments()).isEqualTo(2);
        assertThat(stream.writtenBytes - before).isEqualTo(2L * ":\n".length());
    }

    @Test
    void aLenientDecoderHandsOutNothingWithoutDataOfAStreamThatIsQuietOrHasHeartbeats() {
        RecordingSink asked = new RecordingSink();
        open(sink, StreamPlan.Mode.CHANNELS, 0);
        open(asked, StreamPlan.Mode.CHANNELS, SECONDS);

        for (int i = 0; i < 3; i++) {
            bench.after(15_000);
        }
        assertThat(LenientDecoder.events(text(sink))).hasSize(1).doesNotContain("");
        bench.batch(batch(P0, 0, "n:x"));
        bench.after(15_000);

        // The id alone is one, so whoever has such a decoder asks for heartbeats.
        assertThat(LenientDecoder.events(text(sink))).hasSize(2).contains("");
        assertThat(LenientDecoder.events(text(asked))).hasSizeGreaterThan(3).doesNotContain("");
    }

    @Test
    void aQuietStreamHasAHeartbeatAtLeastAsOftenAsItsClientWants() {
        open(sink, StreamPlan.Mode.CHANNELS, SECONDS);

        for (int second = 0; second < 60; second += SECONDS) {
            sink.forget();
            bench.after(SECONDS * 1_000);
            assertThat(sink.types()).containsExactly("stream.heartbeat");
            assertThat(sink.last().data()).isEqualTo("{}");
        }

        assertThat(sink.comments()).isZero();
    }

    @Test
    void aBusyStreamHasThemToo() {
        open(sink, StreamPlan.Mode.CHANNELS, SECONDS);

        for (int second = 0; second < SECONDS; second++) {
            bench.batch(batch(P0, second, "n:a"));
            bench.after(1_000);
        }

        assertThat(sink.data("stream.heartbeat")).hasSize(1);
        assertThat(offsets(sink)).hasSize(SECONDS);
    }

    @Test
    void aHeartbeatHasAnIdIfTheCursorHasMovedSinceTheLastOne() {
        open(sink, StreamPlan.Mode.CHANNELS, SECONDS);
        bench.batch(batch(P0, 0, "n:x", "n:y", "n:z"));

        bench.after(SECONDS * 1_000);
        assertThat(position(sink, P0).nextOffset()).isEqualTo(3);
        bench.after(SECONDS * 1_000);

        assertThat(sink.types()).containsExactly("stream.open", "stream.heartbeat", "stream.heartbeat");
        assertThat(sink.last().id()).isNull();
    }

    @Test
    void rareHeartbeatsComeEarlierWithAPositionAndNeverDoesAnIdComeAlone() {
        open(sink, StreamPlan.Mode.CHANNELS, 300);
        bench.batch(batch(P0, 0, "n:x", "n:y", "n:z"));

        bench.after(15_000);
        assertThat(sink.types()).containsExactly("stream.open", "stream.heartbeat");
        assertThat(position(sink, P0).nextOffset()).isEqualTo(3);
        bench.after(15_000);

        // Between rare ones comments keep the connection alive for whoever stands between.
        assertThat(sink.types()).containsExactly("stream.open", "stream.heartbeat");
        assertThat(sink.comments()).isEqualTo(1);
    }

    @Test
    void aClientThatReadsSlowlyGetsItAsSoonAsItReads() {
        EventStream stream = open(sink, StreamPlan.Mode.CHANNELS, SECONDS);
        sink.writable = false;
        bench.after(SECONDS * 1_000);
        bench.after(SECONDS * 1_000);
        bench.batch(batch(P0, 0, "n:a", "n:a"));
        assertThat(sink.types()).containsExactly("stream.open");

        sink.writable = true;
        bench.loop.onWritable(stream);
        bench.turn();

        assertThat(sink.types()).containsExactly("stream.open", "stream.heartbeat", "e", "e");
        bench.after(SECONDS * 1_000);
        assertThat(sink.data("stream.heartbeat")).hasSize(2);
    }

    @Test
    void aWatcherThatAskedForThemHasThemByName() {
        open(sink, StreamPlan.Mode.WATCH, SECONDS);
        bench.batch(batch(P0, 0, "n:x"));

        bench.after(SECONDS * 1_000);

        assertThat(sink.types()).containsExactly("message", "stream.heartbeat");
        assertThat(position(sink, P0).nextOffset()).isEqualTo(1);
    }

    @Test
    void aWebSocketHasTheSameEventAndIsStillAskedByPings() {
        RecordingSink webSocket = new RecordingSink(true);
        open(webSocket, StreamPlan.Mode.WEBSOCKET, SECONDS);
        bench.batch(batch(P0, 0, "n:x"));

        bench.after(SECONDS * 1_000);
        assertThat(webSocket.types()).containsExactly("stream.open", "stream.heartbeat");
        assertThat(position(webSocket, P0).nextOffset()).isEqualTo(1);
        assertThat(webSocket.pings()).isEqualTo(1);
        for (int second = 0; second < 60 && !webSocket.closed; second++) {
            bench.after(1_000);
        }

        assertThat(webSocket.closed).isTrue();
        assertThat(bench.loop.stats().unansweredTotal()).isEqualTo(1);
    }

    private EventStream open(RecordingSink to, StreamPlan.Mode mode, int seconds) {
        EventStream stream = bench.loop.open(plan(mode, seconds * 1_000L), to, bench.nowMs);
        bench.ready(P0, 0, 0);
        return stream;
    }

    private static String text(RecordingSink from) {
        return from.written.toString(StandardCharsets.UTF_8);
    }

    private static StreamPlan plan(StreamPlan.Mode mode, long heartbeatMs) {
        return new StreamPlan("c1", mode, List.of(wanted("n:a", P0, LIVE)), false, null, Long.MAX_VALUE, heartbeatMs);
    }
}
