package io.tailrace.edge.stream;

import static io.tailrace.edge.stream.LoopBench.G;
import static io.tailrace.edge.stream.LoopBench.LIVE;
import static io.tailrace.edge.stream.LoopBench.P0;
import static io.tailrace.edge.stream.LoopBench.P1;
import static io.tailrace.edge.stream.LoopBench.at;
import static io.tailrace.edge.stream.LoopBench.batch;
import static io.tailrace.edge.stream.LoopBench.cursor;
import static io.tailrace.edge.stream.LoopBench.offsets;
import static io.tailrace.edge.stream.LoopBench.position;
import static io.tailrace.edge.stream.LoopBench.wanted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.simulation.SseParser.Block;
import io.tailrace.edge.window.PartitionFacts;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpeningTest {
    private final LoopBench bench = new LoopBench();
    private final RecordingSink sink = new RecordingSink();

    @Test
    void theFirstFrameCarriesTheCursorAJitteredRetryAndWhereEachChannelStarts() {
        bench.open(sink, wanted("n:a", P0, LIVE), wanted("n:b", P1, new Start.Earliest()));
        bench.ready(P0, 3, 10);
        bench.ready(P1, 4, 4);

        Block open = sink.blocks.getFirst();

        assertThat(open.type()).isEqualTo("stream.open");
        assertThat(open.retryMs()).isBetween(1_000L, 3_000L);
        assertThat(open.data())
                .isEqualTo("{\"connection_id\":\"c1\",\"resumed\":false,\"channels\":["
                        + "{\"channel\":\"n:a\",\"start\":{\"at\":\"live\",\"offset\":10}},"
                        + "{\"channel\":\"n:b\",\"start\":{\"at\":\"earliest\",\"offset\":4}}]}");
        assertThat(position(sink, P0).nextOffset()).isEqualTo(10);
        assertThat(position(sink, P1).nextOffset()).isEqualTo(4);
    }

    @Test
    void nothingIsWrittenBeforeItIsOpenAndNothingIsMissed() {
        bench.open(sink, wanted("n:a", P0, LIVE), wanted("n:b", P1, LIVE));
        bench.ready(P0, 0, 0);
        bench.batch(batch(P0, 0, "n:a"));
        assertThat(sink.blocks).isEmpty();

        bench.ready(P1, 0, 0);

        assertThat(sink.types()).containsExactly("stream.open", "e");
    }

    @Test
    void aPartitionThatIsNotReadyDoesNotHoldUpTheOthersForLong() {
        bench.open(sink, wanted("n:a", P0, LIVE), wanted("n:b", P1, LIVE));
        bench.ready(P0, 0, 0);
        bench.loop.onPartitionUnavailable(P1);

        bench.after(1_000);
        bench.batch(batch(P0, 0, "n:a"));
        assertThat(sink.types()).containsExactly("stream.open", "e");
        assertThat(sink.data("stream.open").getFirst())
                .contains("{\"channel\":\"n:b\",\"start\":{\"at\":\"pending\"}}");
        bench.ready(P1, 0, 20);

        assertThat(sink.data("stream.channels"))
                .containsExactly("{\"available\":[{\"channel\":\"n:b\",\"start\":{\"offset\":20}}]}");
        assertThat(position(sink, P1).nextOffset()).isEqualTo(20);
    }

    @Test
    void aChannelThatWaitsForItsOldestEventIsNamedInTheCursorUntilItHasAPosition() {
        bench.open(sink, wanted("n:a", P0, LIVE), wanted("n:b", P1, new Start.Earliest()));
        bench.ready(P0, 0, 7);
        bench.loop.onPartitionUnavailable(P1);
        bench.after(1_000);
        assertThat(cursor(sink).pending()).containsExactly(Cursor.channelHash("n:b"));
        bench.batch(batch(P0, 7, "n:a"));
        assertThat(cursor(sink).pending()).containsExactly(Cursor.channelHash("n:b"));

        bench.ready(P1, 3, 20);

        assertThat(cursor(sink).pending()).isEmpty();
        assertThat(position(sink, P1).isMadeFor(Cursor.channelHash("n:b"))).isTrue();
        assertThat(position(sink, P1).isMadeFor(Cursor.channelHash("n:a"))).isFalse();
    }

    @Test
    void aStreamThatHasNoPositionYetHasACursorThatKeepsItsStart() {
        bench.open(sink, wanted("n:a", P0, new Start.Earliest()), wanted("n:b", P1, LIVE));
        bench.after(1_000);

        assertThat(sink.types()).containsExactly("stream.open");
        assertThat(cursor(sink).topics()).isEmpty();
        assertThat(ResumePlan.split(cursor(sink), List.of(wanted("n:a", P0, LIVE), wanted("n:b", P1, LIVE))))
                .containsExactly(wanted("n:a", P0, new Start.Earliest()), wanted("n:b", P1, LIVE));
    }

    @Test
    void anOutageIsToldToTheChannelsThatItConcerns() {
        bench.open(sink, wanted("n:a", P0, LIVE), wanted("n:b", P1, LIVE));
        bench.ready(P0, 0, 0);
        bench.ready(P1, 0, 0);

        bench.loop.onPartitionUnavailable(P1);
        bench.turn();
        bench.ready(P1, 0, 0);

        assertThat(sink.data("stream.channels"))
                .containsExactly(
                        "{\"unavailable\":[\"n:b\"]}",
                        "{\"available\":[{\"channel\":\"n:b\",\"start\":{\"offset\":0}}]}");
    }

    @Test
    void aReplayEndsWithOneCaughtUp() {
        bench.open(sink, wanted("n:a", P0, at(0)), wanted("n:b", P0, LIVE));
        bench.ready(P0, 0, 2);

        bench.loop.onReplay(batch(P0, 0, "n:a", "n:b"), 0);
        bench.turn();
        bench.batch(batch(P0, 2, "n:a", "n:b"));

        assertThat(sink.types()).containsExactly("stream.open", "e", "stream.caught_up", "e", "e");
        assertThat(offsets(sink)).containsExactly(0L, 2L, 3L);
    }

    @Test
    void whatRetentionHasDeletedIsToldBeforeAnythingElse() {
        bench.open(sink, wanted("n:a", P0, at(5)));

        bench.ready(P0, 8, 8);

        assertThat(sink.types()).containsExactly("stream.open", "stream.gap", "stream.caught_up");
        assertThat(sink.data("stream.gap")).containsExactly("{\"channels\":[\"n:a\"],\"from\":5,\"to\":8,\"lost\":3}");
        // Whoever is cut between the two resumes where the gap begins.
        assertThat(sink.blocks.getFirst().id()).isNotEqualTo(sink.blocks.get(1).id());
    }

    @Test
    void aCursorAheadOfThisEdgeWaitsForIt() {
        bench.open(sink, wanted("n:a", P0, at(5)));
        bench.ready(P0, 0, 3);
        assertThat(bench.asked).contains("end 1/0");

        bench.loop.onLogEnd(P0, G, new LogEnd(6, Cursor.NO_EPOCH), bench.lastAsk);
        bench.batch(batch(P0, 3, "n:a", "n:a", "n:a"));

        assertThat(sink.data("stream.reset")).isEmpty();
        assertThat(offsets(sink)).containsExactly(5L);
    }

    @Test
    void aCursorBeyondTheEndOfTheLogIsResetToTheEnd() {
        bench.open(sink, wanted("n:a", P0, at(500)));
        bench.ready(P0, 0, 3);

        bench.loop.onLogEnd(P0, G, new LogEnd(3, Cursor.NO_EPOCH), bench.lastAsk);
        bench.turn();

        assertThat(sink.types()).startsWith("stream.open", "stream.reset");
        assertThat(sink.data("stream.reset"))
                .containsExactly(
                        "{\"reason\":\"beyond_end\",\"channels\":[{\"channel\":\"n:a\",\"start\":{\"offset\":3}}]}");
        assertThat(position(sink, P0).nextOffset()).isEqualTo(3);
    }

    @Test
    void anAnswerThatWasUnderWayForAnEarlierStreamDoesNotCount() {
        bench.open(new RecordingSink(), wanted("n:a", P0, at(4)));
        bench.ready(P0, 0, 3);
        bench.open(sink, wanted("n:a", P0, at(9)));

        bench.loop.onLogEnd(P0, G, new LogEnd(5, Cursor.NO_EPOCH), bench.lastAsk);
        bench.turn();
        assertThat(sink.blocks).isEmpty();
        bench.loop.onLogEnd(P0, G, new LogEnd(9, Cursor.NO_EPOCH), bench.lastAsk);
        bench.turn();

        assertThat(sink.types()).containsExactly("stream.open");
    }

    @Test
    void aCursorOfAnotherGenerationIsResetToTheOldestEvent() {
        bench.open(sink, wanted("n:a", P0, new Start.At(new Generation(5), 2)));
        bench.ready(P0, 0, 2);

        bench.loop.onLogEnd(P0, G, new LogEnd(2, Cursor.NO_EPOCH), bench.lastAsk);
        bench.turn();
        bench.loop.onReplay(batch(P0, 0, "n:a", "n:a"), 0);
        bench.turn();

        assertThat(sink.data("stream.reset"))
                .containsExactly("{\"reason\":\"other_generation\",\"channels\":["
                        + "{\"channel\":\"n:a\",\"start\":{\"offset\":0}}]}");
        assertThat(offsets(sink)).containsExactly(0L, 1L);
    }

    @Test
    void aTopicThatIsCreatedAnewResetsItsOpenStreams() {
        bench.open(sink, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 50);
        Generation next = new Generation(78);

        bench.loop.onRegenerated(P0.namespace(), next);
        bench.loop.onPartitionReady(new PartitionFacts(P0, next, 0, 0), List.of());
        bench.turn();

        assertThat(sink.types()).containsExactly("stream.open", "stream.reset");
        assertThat(position(sink, P0).nextOffset()).isZero();
    }

    @Test
    void anIdThatIsNoCursorIsToldByResetIfItCouldNotBeRefused() {
        bench.loop.open(
                new StreamPlan(
                        "c1",
                        StreamPlan.Mode.CHANNELS,
                        List.of(wanted("n:a", P0, LIVE)),
                        false,
                        ResetReason.MALFORMED,
                        Long.MAX_VALUE),
                sink,
                bench.nowMs);
        bench.ready(P0, 0, 4);

        assertThat(sink.types()).containsExactly("stream.open", "stream.reset");
        assertThat(sink.data("stream.reset").getFirst()).startsWith("{\"reason\":\"malformed\"");
    }

    @Test
    void aChannelTwiceOrTwoThatACursorCouldNotTellApartAreRefused() {
        assertThatThrownBy(() -> bench.open(sink, wanted("n:a", P0, LIVE), wanted("n:a", P0, LIVE)))
                .hasMessageContaining("twice");
        WantedChannel[] sameHash = {wanted("n:plaqdg", P0, LIVE), wanted("n:zempwl", P0, LIVE)};
        assertThat(ChannelHashes.collisions(List.of(sameHash))).containsExactly(sameHash[1]);
        assertThatThrownBy(() -> bench.open(sink, sameHash)).hasMessageContaining("share a hash");
        assertThat(ChannelHashes.collisions(List.of(sameHash[0], wanted("n:zempwl", P1, LIVE))))
                .isEmpty();
    }

    @Test
    void aWatcherGetsBareEventsBetweenConnectedAndDisconnected() {
        EventStream stream = bench.open(sink, StreamPlan.Mode.WATCH, Long.MAX_VALUE, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);
        bench.batch(batch(P0, 0, "n:a"));

        bench.loop.close(stream, CloseReason.DRAINING);
        bench.turn();

        assertThat(sink.types()).containsExactly("message", "e", "message");
        assertThat(sink.data("message")).containsExactly("connected", "disconnected");
        assertThat(sink.data("e")).containsExactly("0");
        assertThat(sink.blocks).allMatch(block -> block.id() != null);
        assertThat(sink.closed).isTrue();
    }
}
