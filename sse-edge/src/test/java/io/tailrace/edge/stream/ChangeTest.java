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
import java.util.stream.IntStream;
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

        bench.loop.onReplay(batch(P0, 4, "n:b", "n:x", "n:x", "n:b", "n:x", "n:a"), 0);
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
                            List.of(),
                            List.of(),
                            List.of(new ChannelChanges.Refused("n:secret" + accepted, "forbidden"))));
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

    @Test
    void aChannelBeyondTheSettingIsRefusedAlone() {
        // given
        LoopBench small = new LoopBench(LoopBench.maxChannels(3));
        RecordingSink to = new RecordingSink();
        EventStream one = small.open(to, wanted("n:a", P0, LIVE));
        small.ready(P0, 0, 10);

        // when
        small.loop.change(
                one,
                new ChannelChanges(
                        List.of(
                                wanted("n:b", P0, LIVE),
                                wanted("n:c", P0, LIVE),
                                wanted("n:d", P0, LIVE),
                                wanted("n:a", P0, LIVE)),
                        List.of(),
                        List.of()));
        small.turn();

        // then
        assertThat(to.data("stream.channels").getFirst())
                .contains("\"refused\":[{\"channel\":\"n:d\",\"reason\":\"too_many_channels\"}]");
        small.batch(batch(P0, 10, "n:d", "n:c", "n:b", "n:a"));
        assertThat(offsets(to)).containsExactly(11L, 12L, 13L);
    }

    @Test
    void whatIsNotDoneBecauseTheClientDoesNotReadIsTold() {
        // given
        sink.writable = false;
        List<ChannelChanges.Refused> many = IntStream.range(0, 1_000)
                .mapToObj(i -> new ChannelChanges.Refused("n:" + i, "forbidden"))
                .toList();
        change(List.of(), List.of());
        bench.loop.change(stream, new ChannelChanges(List.of(), List.of(), many));

        // when
        ChannelChanges adds = new ChannelChanges(List.of(wanted("n:b", P0, LIVE)), List.of("n:a"), List.of());
        ChannelChanges again = new ChannelChanges(List.of(), List.of(), many);
        assertThat(bench.loop.change(stream, adds)).isEqualTo(ChangeOutcome.BUSY);
        assertThat(bench.loop.change(stream, again)).isEqualTo(ChangeOutcome.BUSY);
        assertThat(bench.loop.change(stream, again)).isEqualTo(ChangeOutcome.BUSY);
        sink.writable = true;
        bench.loop.onWritable(stream);
        bench.turn();

        // then
        assertThat(sink.data("stream.channels").getFirst())
                .contains("\"removed\":[],\"added\":[]", "{\"channel\":\"n:b\",\"reason\":\"too_many_changes\"}")
                .endsWith("\"dropped\":2}");
        bench.batch(batch(P0, 10, "n:a", "n:b"));
        assertThat(offsets(sink)).containsExactly(10L);
    }

    @Test
    void aStreamWhoseNewTokenWaitsDoesNotEndBeforeItsTurn() {
        bench.loop.replaceGrants(stream, channel -> true, bench.wallMs + 1_000);

        bench.loop.prolong(stream, bench.wallMs + 5_000);
        bench.loop.prolong(stream, bench.wallMs + 2_000);
        bench.after(4_000);
        assertThat(sink.types()).doesNotContain("stream.closing");

        bench.after(1_000);
        assertThat(sink.data("stream.closing")).hasSize(1);
    }

    @Test
    void channelsThatAShareOfTheHashMakesAlikeAreRefusedInSmallAndLargeStreams() {
        // given: two names of one 32-bit FNV-1a
        String one = "n:" + LoopBench.SAME_HASH[0];
        String same = "n:" + LoopBench.SAME_HASH[1];
        List<WantedChannel> many =
                IntStream.range(0, 50).mapToObj(i -> wanted("n:" + i, P0, LIVE)).toList();

        // when
        change(List.of(wanted(one, P0, LIVE), wanted(same, P0, LIVE)), List.of());
        change(many, List.of());
        change(List.of(wanted(same, P0, LIVE)), List.of());
        change(List.of(wanted(same, P1, LIVE)), List.of(one));

        // then
        List<String> told = sink.data("stream.channels");
        assertThat(told.get(0))
                .contains("\"refused\":[{\"channel\":\"" + same + "\",\"reason\":\"conflicting_name\"}]");
        assertThat(told.get(2))
                .contains("\"refused\":[{\"channel\":\"" + same + "\",\"reason\":\"conflicting_name\"}]");
        assertThat(told.get(3)).contains("\"removed\":[{\"channel\":\"" + one, "\"added\":[{\"channel\":\"" + same);
    }

    private void change(List<WantedChannel> add, List<String> remove) {
        assertThat(bench.loop.change(stream, new ChannelChanges(add, remove, List.of())))
                .isEqualTo(ChangeOutcome.ACCEPTED);
        bench.turn();
    }

    @Test
    void aRefusalIsToldThoughALaterChangeOfTheSameChannelHasNoRoom() {
        // given
        LoopBench bench = new LoopBench();
        EventStream stream = bench.open(sink, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);
        sink.writable = false;
        List<ChannelChanges.Refused> many = IntStream.range(0, 1_000)
                .mapToObj(i -> new ChannelChanges.Refused("n:" + i, "forbidden"))
                .toList();
        bench.loop.change(
                stream,
                new ChannelChanges(
                        List.of(), List.of(), List.of(new ChannelChanges.Refused("n:b", "conflicting_name"))));
        bench.loop.change(stream, new ChannelChanges(List.of(), List.of(), many));

        // when
        ChangeOutcome outcome = bench.loop.change(stream, new ChannelChanges(List.of(), List.of("n:b"), List.of()));
        sink.writable = true;
        bench.loop.onWritable(stream);
        bench.turn();

        // then
        assertThat(outcome).isEqualTo(ChangeOutcome.BUSY);
        assertThat(sink.data("stream.channels").getFirst())
                .contains("{\"channel\":\"n:b\",\"reason\":\"conflicting_name\"}");
    }
}
