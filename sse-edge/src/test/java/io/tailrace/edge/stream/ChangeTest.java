package io.tailrace.edge.stream;

import static io.tailrace.edge.stream.LoopBench.LIVE;
import static io.tailrace.edge.stream.LoopBench.P0;
import static io.tailrace.edge.stream.LoopBench.P1;
import static io.tailrace.edge.stream.LoopBench.at;
import static io.tailrace.edge.stream.LoopBench.batch;
import static io.tailrace.edge.stream.LoopBench.offsets;
import static io.tailrace.edge.stream.LoopBench.position;
import static io.tailrace.edge.stream.LoopBench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Cursor;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeTest {
    private final LoopBench bench = new LoopBench();
    private final RecordingSink sink = new RecordingSink();
    private EventStream stream = new LoopBench().open(new RecordingSink(), wanted("n:x", P0, LIVE));

    @BeforeEach
    void openAStream() {
        stream = bench.open(sink, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 10);
        sink.forget();
    }

    @Test
    void anAddedChannelReplaysWhileTheOthersStayLive() {
        change(List.of(wanted("n:b", P0, at(4))), List.of());
        bench.batch(batch(P0, 10, "n:a", "n:b"));
        assertThat(offsets(sink)).containsExactly(10L);
        assertThat(position(sink, P0).nextOffset()).isEqualTo(11);
        assertThat(position(sink, P0).lagging())
                .containsExactly(new Cursor.LaggingChannel(Cursor.channelHash("n:b"), 4));

        bench.loop.onReplay(batch(P0, 4, "n:b", "n:x", "n:x", "n:b", "n:x", "n:a"));
        bench.turn();

        assertThat(sink.types()).containsExactly("stream.channels", "e", "e", "e", "e", "stream.caught_up");
        assertThat(offsets(sink)).containsExactly(10L, 4L, 7L, 11L);
        assertThat(position(sink, P0).lagging()).isEmpty();
        assertThat(position(sink, P0).nextOffset()).isEqualTo(12);
    }

    @Test
    void aRemovedChannelIsToldAndNotDeliveredAnyMore() {
        change(List.of(wanted("n:b", P1, LIVE)), List.of("n:a"));
        bench.ready(P1, 0, 0);

        bench.batch(batch(P0, 10, "n:a"));
        bench.batch(batch(P1, 0, "n:b"));

        assertThat(sink.data("stream.channels").getFirst())
                .isEqualTo("{\"removed\":[{\"channel\":\"n:a\"}],\"added\":[{\"channel\":\"n:b\",\"start\":"
                        + "{\"at\":\"pending\"}}],\"refused\":[]}");
        assertThat(sink.data("e")).hasSize(1).first().asString().contains("n:b");
        assertThat(bench.asked).contains("release 1/0");
    }

    @Test
    void aRevokedChannelEndsAndTheOthersGoOn() {
        change(List.of(wanted("n:b", P0, LIVE)), List.of());

        bench.loop.replaceGrants(stream, channel -> channel.equals("n:b"), Long.MAX_VALUE);
        bench.batch(batch(P0, 10, "n:a", "n:b"));

        assertThat(sink.data("stream.channels").getLast())
                .contains("\"removed\":[{\"channel\":\"n:a\",\"reason\":\"access_revoked\"}]");
        assertThat(offsets(sink)).containsExactly(11L);
    }

    @Test
    void aStreamWithoutChannelsIsClosed() {
        bench.loop.replaceGrants(stream, channel -> false, Long.MAX_VALUE);
        bench.turn();

        assertThat(sink.types()).containsExactly("stream.channels", "stream.closing");
        assertThat(sink.data("stream.closing")).containsExactly("{\"reason\":\"no_channels\",\"reconnect\":false}");
        assertThat(sink.closed).isTrue();
        assertThat(bench.loop.change(stream, new ChannelChanges(List.of(), List.of(), List.of())))
                .isEqualTo(ChangeOutcome.CLOSED);
    }

    @Test
    void changesThatNobodyReadsAreBounded() {
        sink.writable = false;

        ChangeOutcome outcome = ChangeOutcome.ACCEPTED;
        int accepted = 0;
        while (outcome == ChangeOutcome.ACCEPTED && accepted < 10_000) {
            outcome = bench.loop.change(
                    stream,
                    new ChannelChanges(
                            List.of(), List.of(), List.of(new ChannelChanges.Refused("n:secret", "forbidden"))));
            accepted++;
        }

        assertThat(outcome).isEqualTo(ChangeOutcome.BUSY);
        assertThat(accepted).isLessThan(1_000);
        sink.writable = true;
        bench.loop.onWritable(stream);
        bench.turn();
        assertThat(sink.data("stream.channels")).hasSize(1);
    }

    @Test
    void aChannelThatIsThereAlreadyIsLeftAsItIs() {
        change(List.of(wanted("n:a", P0, at(0))), List.of());

        bench.batch(batch(P0, 10, "n:a"));

        assertThat(offsets(sink)).containsExactly(10L);
    }

    private void change(List<WantedChannel> add, List<String> remove) {
        assertThat(bench.loop.change(stream, new ChannelChanges(add, remove, List.of())))
                .isEqualTo(ChangeOutcome.ACCEPTED);
        bench.turn();
    }
}
