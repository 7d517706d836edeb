package io.tailrace.edge.stream;

import static io.tailrace.edge.stream.LoopBench.G;
import static io.tailrace.edge.stream.LoopBench.LIVE;
import static io.tailrace.edge.stream.LoopBench.P0;
import static io.tailrace.edge.stream.LoopBench.P1;
import static io.tailrace.edge.stream.LoopBench.batch;
import static io.tailrace.edge.stream.LoopBench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.edge.simulation.SseParser.Block;
import io.tailrace.edge.window.BatchBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes to a WebSocket is what goes to a stream of SSE, in frames. */
class MessageTest {
    private final LoopBench bench = new LoopBench();
    private final RecordingSink sse = new RecordingSink();
    private final RecordingSink webSocket = new RecordingSink(true);

    @Test
    void bothKindsGetTheSameParts() {
        open(wanted("n:a", P0, LIVE));

        bench.batch(batch(P0, 0, "n:a", "n:b", "n:a"));
        bench.batch(batch(P0, 3, "n:x", "n:x"));
        bench.after(20_000);

        assertThat(webSocket.types()).containsExactly("stream.open", "e", "e", "(id)");
        assertThat(parts(webSocket)).isEqualTo(parts(sse));
    }

    @Test
    void bothKindsGetTheSamePartsOfSeveralPartitions() {
        open(wanted("n:a", P0, LIVE), wanted("n:b", P1, LIVE));

        bench.batch(batch(P0, 0, "n:a", "n:a"));
        bench.batch(batch(P1, 0, "n:b"));

        assertThat(webSocket.types()).containsExactly("stream.open", "e", "e", "e");
        assertThat(parts(webSocket)).isEqualTo(parts(sse));
    }

    @Test
    void aPayloadOfAnySizeHasTheShortestHeader() {
        open(wanted("n:a", P0, LIVE));

        for (int size = 1, offset = 0; size < 200_000; size += size < 300 ? 1 : size / 3, offset++) {
            byte[] value = ("\"" + "x".repeat(size) + "\"").getBytes(StandardCharsets.US_ASCII);
            bench.batch(new BatchBuilder(P0, G, offset)
                    .add(offset, "n:a", "e", "i", "t", value)
                    .build(offset + 1));
        }

        assertThat(parts(webSocket)).isEqualTo(parts(sse));
    }

    @Test
    void whatIsNoJsonAsItStandsIsRewritten() {
        open(wanted("n:a", P0, LIVE));
        byte[] broken = {'"', (byte) 0xc3, '"'};

        bench.batch(new BatchBuilder(P0, G, 0)
                .add(0, "n:a", "", "i", "t", "1".getBytes(StandardCharsets.US_ASCII))
                .add(1, "n:a", "a\"b", "i", "t", "{\r\n\"data: \": 1\n}".getBytes(StandardCharsets.US_ASCII))
                .add(2, "n:a", "\u00e9", "i", "t", broken)
                .add(3, "n:a", "e", "i", "t", null)
                .build(4));

        assertThat(webSocket.types()).containsExactly("stream.open", "message", "a\\\"b", "\u00e9", "e");
        assertThat(webSocket.blocks.get(2).data()).endsWith("\"data\":{\n\"data: \": 1\n}}");
        assertThat(webSocket.blocks.get(3).data()).endsWith("\"data\":\"\ufffd\"}");
        assertThat(webSocket.last().data()).endsWith("\"data\":null}");
    }

    @Test
    void aQuietClientIsAskedAndCutIfItDoesNotAnswer() {
        EventStream stream = bench.open(webSocket, StreamPlan.Mode.WEBSOCKET, Long.MAX_VALUE, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);

        for (int i = 0; i < 10; i++) {
            bench.after(15_000);
            bench.loop.onHeard(stream);
        }
        assertThat(webSocket.closed).isFalse();
        assertThat(webSocket.pings()).isBetween(9, 11);
        bench.after(15_000);
        bench.after(59_000);
        assertThat(webSocket.closed).isFalse();
        bench.after(1_000);

        assertThat(webSocket.closed).isTrue();
        assertThat(webSocket.closeStatus()).isZero();
        assertThat(bench.loop.stats().unansweredTotal()).isEqualTo(1);
        assertThat(bench.loop.streams()).isZero();
    }

    @Test
    void anEndIsToldByAnEventAndThenByAClose() {
        EventStream stream = bench.open(webSocket, StreamPlan.Mode.WEBSOCKET, Long.MAX_VALUE, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);

        bench.loop.close(stream, CloseReason.DRAINING);
        bench.turn();

        assertThat(webSocket.types()).containsExactly("stream.open", "stream.closing");
        assertThat(webSocket.last().retryMs()).isPositive();
        assertThat(webSocket.closeStatus()).isEqualTo(1001);
        assertThat(webSocket.closed).isTrue();
    }

    private void open(WantedChannel... channels) {
        bench.open(sse, channels);
        bench.open(webSocket, StreamPlan.Mode.WEBSOCKET, Long.MAX_VALUE, channels);
        for (WantedChannel channel : channels) {
            bench.ready(channel.partition(), 0, 0);
        }
    }

    /** Without what is of one stream alone. */
    private static List<Block> parts(RecordingSink sink) {
        return sink.blocks.stream()
                .map(block -> new Block(block.id(), block.type(), block.data(), Math.min(block.retryMs(), 1), 0))
                .toList();
    }
}
