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
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to a client of gRPC is what goes to a stream of SSE, in frames that the generated classes read. */
class ResponseTest {
    private final LoopBench bench = new LoopBench();
    private final RecordingSink sse = new RecordingSink();
    private final RecordingSink grpc = new RecordingSink(StreamPlan.Mode.GRPC);

    @Test
    void bothKindsGetTheSameEventsOfSeveralPartitions() {
        open(wanted("n:a", P0, LIVE), wanted("n:b", P1, LIVE));

        bench.batch(batch(P0, 0, "n:a", "n:x", "n:a"));
        bench.batch(batch(P1, 0, "n:b"));
        bench.batch(batch(P1, 1, "n:y"));
        bench.after(20_000);

        assertThat(grpc.types()).containsExactly("stream.open", "e", "e", "e", "(id)");
        assertThat(blocks(grpc)).isEqualTo(blocks(sse));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void bothKindsGetTheSameWhateverIsPublished(long seed) {
        Random random = new Random(seed);
        open(wanted("n:a", P0, LIVE));

        for (int offset = 0; offset < 20; offset++) {
            // Around the lengths of which a number needs one byte more.
            int size = new int[] {0, 100, 16_300, 40_000}[random.nextInt(4)] + random.nextInt(100);
            byte[] value = ("\"" + "é".repeat(size / 2) + "x".repeat(size % 2) + "\"").getBytes(StandardCharsets.UTF_8);
            bench.batch(new BatchBuilder(P0, G, offset)
                    .add(offset, "n:a", "e" + "y".repeat(random.nextInt(128)), "i", "t", value)
                    .build(offset + 1));
        }

        assertThat(grpc.blocks).hasSize(21);
        assertThat(blocks(grpc)).isEqualTo(blocks(sse));
    }

    @Test
    void whatIsNotUtf8OrNotOneLineIsRewritten() {
        open(wanted("n:a", P0, LIVE));
        byte[] broken = {'"', (byte) 0xc3, '"'};

        bench.batch(new BatchBuilder(P0, G, 0)
                .add(0, "n:a", "", "i", "t", "1".getBytes(StandardCharsets.US_ASCII))
                .add(1, "n:a", "a\"b", "i", "t", "{\r\n\"data: \": 1\n}".getBytes(StandardCharsets.US_ASCII))
                .add(2, "n:a", "\u00e9", "i", "t", broken)
                .add(3, "n:a", "e", "i", "t", null)
                .build(4));

        assertThat(grpc.types()).containsExactly("stream.open", "message", "a\"b", "\u00e9", "e");
        assertThat(grpc.blocks.get(2).data()).endsWith("\"data\":{\n\"data: \": 1\n}}");
        assertThat(grpc.blocks.get(3).data()).endsWith("\"data\":\"\ufffd\"}");
        assertThat(grpc.last().data()).endsWith("\"data\":null}");
    }

    @Test
    void aQuietClientGetsEmptyFramesAndOwesNoAnswer() {
        bench.open(grpc, StreamPlan.Mode.GRPC, Long.MAX_VALUE, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);

        for (int i = 0; i < 10; i++) {
            bench.after(15_000);
        }

        assertThat(grpc.emptyFrames()).isBetween(9, 11);
        assertThat(grpc.closed).isFalse();
    }

    @Test
    void anEndIsToldByAnEventAndItsReasonToTheTransport() {
        EventStream stream = bench.open(grpc, StreamPlan.Mode.GRPC, Long.MAX_VALUE, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);

        bench.loop.close(stream, CloseReason.DRAINING);
        bench.turn();

        assertThat(grpc.types()).containsExactly("stream.open", "stream.closing");
        assertThat(grpc.last().retryMs()).isPositive();
        assertThat(grpc.last().id()).isNotNull();
        assertThat(grpc.ending).isEqualTo(CloseReason.DRAINING);
        assertThat(grpc.closed).isTrue();
    }

    private void open(WantedChannel... channels) {
        bench.open(sse, channels);
        bench.open(grpc, StreamPlan.Mode.GRPC, Long.MAX_VALUE, channels);
        for (WantedChannel channel : channels) {
            bench.ready(channel.partition(), 0, 0);
        }
    }

    /** Without what is of one stream alone. An event without a type has the one that a browser gives it. */
    private static List<Block> blocks(RecordingSink sink) {
        return sink.blocks.stream()
                .map(block -> new Block(block.id(), block.type(), block.data(), Math.min(block.retryMs(), 1), 0))
                .toList();
    }
}
