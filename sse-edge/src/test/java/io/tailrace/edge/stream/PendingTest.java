package io.tailrace.edge.stream;

import static io.tailrace.edge.stream.LoopBench.G;
import static io.tailrace.edge.stream.LoopBench.LIVE;
import static io.tailrace.edge.stream.LoopBench.P0;
import static io.tailrace.edge.stream.LoopBench.P1;
import static io.tailrace.edge.stream.LoopBench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.BatchBuilder;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.grpc.channels.v1.Frame;
import io.tailrace.grpc.channels.v1.SubscribeResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that are larger than what a connection may have pending. */
class PendingTest {
    private static final int LARGE = 5_000;

    private final LoopBench bench = new LoopBench(LoopBench.pending(400, 1 << 20, 1_000));
    private RecordingSink sink = new RecordingSink();

    @ParameterizedTest
    @EnumSource(StreamPlan.Mode.class)
    void aLargeEventIsWrittenInPartsAsTheClientTakesIt(StreamPlan.Mode mode) {
        EventStream stream = live(mode, 1_000);

        bench.batch(large(P0, 0, "n:a"));
        int takes = take(stream);

        assertThat(sink.mostPendingBytes).isLessThan(2_000);
        assertThat(takes).isBetween(3, 10);
        assertThat(sink.blocks.getLast().data()).contains("x".repeat(LARGE));
        assertThat(sink.blocks).hasSize(2);
        assertThat(bench.loop.stats().deliveriesTotal()).isEqualTo(1);
        assertThat(bench.loop.describe(stream).state()).isEqualTo(LanePhase.LIVE);
    }

    @Test
    void aMessageThatCanNotStandAsItIsIsWrittenInPartsToo() {
        EventStream stream = live(StreamPlan.Mode.WEBSOCKET, 1_000);

        bench.batch(batch(P0, 0, "n:a", "{\"n\":\n\"" + "x".repeat(LARGE) + "\"}"));
        take(stream);

        assertThat(sink.blocks.getLast().data()).contains("x".repeat(LARGE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theCursorOfAnEventInPartsComesToAClientOfGrpcWithTheLastOne(boolean severalChannels) throws Exception {
        EventStream stream = live(StreamPlan.Mode.GRPC, 1_000);
        if (severalChannels) {
            bench.loop.change(stream, new ChannelChanges(List.of(wanted("n:b", P1, LIVE)), List.of(), List.of()));
            bench.ready(P1, 0, 0);
            take(stream);
        }
        sink.written.reset();

        bench.batch(large(P0, 0, "n:a"));
        take(stream);

        List<Frame> frames =
                SubscribeResponse.parseFrom(sink.written.toByteArray()).getFramesList();
        assertThat(frames).hasSizeGreaterThan(2);
        assertThat(frames.getFirst().getType()).isEqualTo("e");
        assertThat(frames.subList(0, frames.size() - 1))
                .allMatch(frame -> frame.getMore() && frame.getCursor().isEmpty());
        assertThat(frames.getLast().getMore()).isFalse();
        assertThat(frames.getLast().getCursor()).isNotEmpty();
    }

    @Test
    void nothingStandsInTheMiddleOfAnEvent() {
        EventStream stream = live(StreamPlan.Mode.CHANNELS, 1_000);
        bench.loop.change(stream, new ChannelChanges(List.of(wanted("n:b", P1, LIVE)), List.of(), List.of()));
        bench.ready(P1, 0, 0);
        sink.forget();
        sink.pendingBytes = 0;

        bench.batch(large(P0, 0, "n:a"));
        bench.batch(LoopBench.batch(P1, 0, "n:b"));
        bench.loop.change(
                stream,
                new ChannelChanges(List.of(), List.of(), List.of(new ChannelChanges.Refused("n:c", "forbidden"))));
        bench.after(9_000);
        bench.after(9_000);
        take(stream);

        assertThat(sink.types()).containsExactly("e", "stream.channels", "e");
        assertThat(sink.blocks.getFirst().data()).contains("x".repeat(LARGE));
    }

    @Test
    void theRestOfAnEventIsFoundInTheLogWhenItIsInMemoryNoMore() {
        EventStream stream = live(StreamPlan.Mode.CHANNELS, 1_000);

        bench.batch(large(P0, 0, "n:a"));
        // The window keeps one batch.
        bench.batch(LoopBench.batch(P0, 1, "n:a"));
        sink.pendingBytes = 0;
        bench.loop.onWritable(stream);
        bench.turn();
        assertThat(bench.asked).contains("replay 1/0 0");
        bench.loop.onReplay(large(P0, 0, "n:a"), 0);
        bench.turn();
        take(stream);

        assertThat(sink.types()).containsExactly("stream.open", "e", "e");
        assertThat(sink.blocks.get(1).data()).contains("x".repeat(LARGE));
    }

    @Test
    void anEventWhoseRestIsLostEndsTheStreamWithoutAnotherByte() {
        EventStream stream = live(StreamPlan.Mode.CHANNELS, 1_000);
        bench.batch(large(P0, 0, "n:a"));
        bench.batch(LoopBench.batch(P0, 1, "n:a"));
        sink.pendingBytes = 0;
        bench.loop.onWritable(stream);
        bench.turn();

        bench.loop.onReplayGap(P0, G, 1);
        bench.turn();

        assertThat(sink.closed).isTrue();
        assertThat(sink.types()).containsExactly("stream.open");
        assertThat(bench.loop.stats().cutTotal()).isEqualTo(1);
        assertThat(bench.loop.streams()).isZero();
    }

    @Test
    void aRecordThatIsAnotherOneNowIsNotTakenForTheRest() {
        EventStream stream = live(StreamPlan.Mode.CHANNELS, 1_000);
        bench.batch(large(P0, 0, "n:a"));
        bench.batch(LoopBench.batch(P0, 1, "n:a"));
        sink.pendingBytes = 0;
        bench.loop.onWritable(stream);
        bench.turn();

        bench.loop.onReplay(batch(P0, 0, "n:a", "\"" + "y".repeat(LARGE + 1) + "\""), 0);
        bench.turn();

        assertThat(sink.closed).isTrue();
        assertThat(bench.loop.stats().cutTotal()).isEqualTo(1);
    }

    @Test
    void aChannelThatIsRemovedInTheMiddleOfItsEventGetsTheRestOfIt() {
        EventStream stream = live(StreamPlan.Mode.CHANNELS, 1_000);
        bench.loop.change(stream, new ChannelChanges(List.of(wanted("n:b", P1, LIVE)), List.of(), List.of()));
        bench.ready(P1, 0, 0);
        sink.pendingBytes = 0;
        sink.forget();
        bench.batch(large(P0, 0, "n:a"));

        bench.loop.change(stream, new ChannelChanges(List.of(), List.of("n:a"), List.of()));
        bench.turn();
        bench.batch(large(P0, 1, "n:a"));
        take(stream);

        assertThat(sink.types()).containsExactly("e", "stream.channels");
        assertThat(sink.blocks.getFirst().data()).contains("x".repeat(LARGE));
        assertThat(bench.asked).contains("release 1/0");
    }

    @Test
    void aStreamThatIsClosedInTheMiddleOfAnEventGetsNoFarewellButAClose() {
        EventStream stream = live(StreamPlan.Mode.CHANNELS, 1_000);
        RecordingSink first = sink;
        sink = new RecordingSink(true);
        sink.limitBytes = 1_000;
        EventStream message = bench.open(sink, StreamPlan.Mode.WEBSOCKET, Long.MAX_VALUE, wanted("n:a", P0, LIVE));
        bench.batch(large(P0, 0, "n:a"));

        bench.loop.close(stream, CloseReason.DRAINING);
        bench.loop.close(message, CloseReason.DRAINING);
        bench.turn();

        assertThat(first.closed).isTrue();
        assertThat(first.types()).containsExactly("stream.open");
        assertThat(sink.types()).containsExactly("stream.open");
        assertThat(sink.closeStatus()).isEqualTo(1001);
    }

    @Test
    void readersWhoHaveStoppedReadingDoNotStopTheOthers() {
        LoopBench small = new LoopBench(LoopBench.pending(400, 3_000, 1_000));
        small.ready(P0, 0, 0);
        for (int i = 0; i < 10; i++) {
            RecordingSink stalled = new RecordingSink();
            stalled.limitBytes = 10_000;
            small.open(stalled, wanted("n:a", P0, LIVE));
        }
        sink.limitBytes = 10_000;
        EventStream stream = small.open(sink, wanted("n:a", P0, LIVE));
        small.ready(P0, 0, 0);

        for (int i = 0; i < 4; i++) {
            small.batch(large(P0, i, "n:a"));
            for (int n = 0; n < 20; n++) {
                sink.pendingBytes = 0;
                small.loop.onWritable(stream);
                small.turn();
            }
        }

        assertThat(sink.data("e")).hasSize(4);
        assertThat(small.loop.stats().heldBackTotal()).isPositive();
        assertThat(small.loop.stats().pendingBytes()).isBetween(3_000L, 3_000L + 400 + 11 * 1_500);
    }

    @Test
    void whatEndedStreamsHoldStillCounts() {
        EventStream stream = live(StreamPlan.Mode.CHANNELS, 1_000);
        bench.batch(large(P0, 0, "n:a"));
        bench.loop.close(stream, CloseReason.DRAINING);
        bench.turn();
        assertThat(bench.loop.stats().pendingBytes()).isPositive();

        sink.pendingBytes = 0;
        bench.after(100);

        assertThat(bench.loop.stats().pendingBytes()).isZero();
    }

    private EventStream live(StreamPlan.Mode mode, int limitBytes) {
        sink = new RecordingSink(mode);
        sink.limitBytes = limitBytes;
        EventStream stream = bench.open(sink, mode, Long.MAX_VALUE, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);
        sink.pendingBytes = 0;
        bench.loop.onWritable(stream);
        bench.turn();
        return stream;
    }

    /** The client reads until there is nothing more; how often it had to. */
    private int take(EventStream stream) {
        int takes = 0;
        while (sink.pendingBytes > 0 && takes < 100) {
            sink.pendingBytes = 0;
            bench.loop.onWritable(stream);
            bench.turn();
            takes++;
        }
        return takes;
    }

    private static Batch large(PartitionId partition, long offset, String channel) {
        return batch(partition, offset, channel, "\"" + "x".repeat(LARGE) + "\"");
    }

    private static Batch batch(PartitionId partition, long offset, String channel, String value) {
        BatchBuilder builder = new BatchBuilder(partition, G, offset);
        builder.add(offset, channel, "e", "i", "t", value.getBytes(StandardCharsets.UTF_8));
        return builder.build(offset + 1);
    }
}
