package io.tailrace.edge.stream;

import static io.tailrace.edge.stream.LoopBench.G;
import static io.tailrace.edge.stream.LoopBench.LIVE;
import static io.tailrace.edge.stream.LoopBench.P0;
import static io.tailrace.edge.stream.LoopBench.position;
import static io.tailrace.edge.stream.LoopBench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.BatchBuilder;
import io.tailrace.edge.window.PartitionFacts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What streams are told when records that they have read are not in the log any more. */
class TruncationTest {
    private final LoopBench bench = new LoopBench();
    private final RecordingSink sink = new RecordingSink();

    @Test
    void aLiveStreamIsResetToWhereTheLogWasCutAndReadsOnFromThere() {
        // given
        bench.open(sink, wanted("n:a", P0, LIVE));
        ready(0, 10, 3, 0);
        bench.batch(batch(10, 3, "n:a", "n:a", "n:a"));

        // when
        truncated(11, 11, 3, 4, 1);
        bench.batch(batch(11, 4, "n:a", "n:a"));

        // then
        assertThat(sink.types()).containsExactly("stream.open", "e", "e", "e", "stream.reset", "e", "e");
        assertThat(sink.data("stream.reset")).containsExactly(reset(11));
        assertThat(records()).containsExactly("10@3", "11@3", "12@3", "11@4", "12@4");
    }

    @Test
    void aStreamThatHasReadNoMoreThanIsLeftIsToldNothing() {
        // given
        sink.writable = false;
        EventStream stream = bench.open(sink, wanted("n:a", P0, new Start.At(G, 10, 3)));
        ready(0, 13, 3, 0);

        // when
        truncated(11, 10, 3, 4, 1);
        sink.writable = true;
        bench.loop.onReplay(batch(10, 3, "n:a", "n:a", "n:a"), 0);
        bench.turn();
        bench.loop.onWritable(stream);
        bench.batch(batch(10, 4, "n:a", "n:b"));

        // then
        assertThat(sink.data("stream.reset")).isEmpty();
    }

    @Test
    void aSecondTruncationBeforeTheFirstWasToldLeadsToOneResetToTheLower() {
        bench.open(sink, wanted("n:a", P0, LIVE));
        ready(0, 10, 3, 0);

        bench.loop.onTruncated(new PartitionFacts(P0, G, 0, 8, 4, 1), 8, 3);
        bench.loop.onTruncated(new PartitionFacts(P0, G, 0, 5, 5, 2), 5, 3);
        bench.turn();

        assertThat(sink.data("stream.reset")).containsExactly(reset(5));
        assertThat(position(sink, P0).nextOffset()).isEqualTo(5);
        assertThat(position(sink, P0).leaderEpoch()).isEqualTo(3);
    }

    @Test
    void whatRetentionHasTakenOfTheRewrittenStretchIsToldAfterTheReset() {
        bench.open(sink, wanted("n:a", P0, LIVE));
        ready(0, 10, 3, 0);

        bench.loop.onTruncated(new PartitionFacts(P0, G, 8, 9, 4, 1), 5, 3);
        bench.turn();

        assertThat(sink.types()).startsWith("stream.open", "stream.reset", "stream.gap");
        assertThat(sink.data("stream.gap")).containsExactly("{\"channels\":[\"n:a\"],\"from\":5,\"to\":8,\"lost\":3}");
    }

    @Test
    void aClientThatComesBackWithRecordsOfAnEpochThatWasCutShortIsReset() {
        resume(12, 3, new LogEnd(20, 5, 3, 3, 11));

        assertThat(sink.data("stream.reset")).containsExactly(reset(11));
        assertThat(position(sink, P0).leaderEpoch()).isEqualTo(3);
    }

    @Test
    void aClientWhoseRecordsAreAllThereIsNotReset() {
        resume(11, 3, new LogEnd(20, 5, 3, 3, 11));

        assertThat(sink.types()).containsExactly("stream.open");
        assertThat(sink.data("stream.open").getFirst())
                .contains("\"offset\":11")
                .doesNotContain("reset");
    }

    @Test
    void aClientOfAnEpochThatTheLogDoesNotHaveStartsAtTheOldestEvent() {
        resume(12, 4, new LogEnd(20, 5, 4, 3, 11));

        assertThat(sink.data("stream.reset")).containsExactly(reset(2));
    }

    @Test
    void aClientOfAnEpochThatNeverWasStartsAtTheOldestEvent() {
        resume(12, 900, new LogEnd(20, 5));

        assertThat(sink.data("stream.reset")).containsExactly(reset(2));
    }

    @Test
    void aClientOfALaterEpochThanThisEdgeHasReadWaitsForTheTailer() {
        // given
        bench.open(sink, wanted("n:a", P0, new Start.At(G, 12, 6)));
        ready(2, 20, 5, 0);

        // when
        bench.loop.onLogEnd(P0, G, new LogEnd(25, 6), bench.lastAsk);
        bench.turn();
        truncated(11, 13, 5, 6, 1);
        bench.batch(batch(13, 6, "n:a"));
        bench.loop.onReplay(batch(12, 6, "n:a"), 1);
        bench.turn();

        // then
        assertThat(sink.data("stream.reset")).isEmpty();
        assertThat(records()).containsExactly("12@6", "13@6");
    }

    @Test
    void aThousandClientsOfOneEpochCostOneQuestion() {
        ready(bench, 2, 20);
        for (int i = 0; i < 1000; i++) {
            bench.open(new RecordingSink(), wanted("n:a", P0, new Start.At(G, 5 + i % 5, 3)));
        }
        bench.loop.onLogEnd(P0, G, new LogEnd(20, 5, 3, 3, 11), bench.lastAsk);
        bench.turn();
        bench.loop.onLogEnd(P0, G, new LogEnd(20, 5, 3, 3, 11), bench.lastAsk);
        bench.turn();
        bench.asked.clear();

        for (int i = 0; i < 1000; i++) {
            bench.open(new RecordingSink(), wanted("n:a", P0, new Start.At(G, 5 + i % 5, 3)));
        }

        assertThat(bench.asked).doesNotContain("end " + P0);
    }

    @Test
    void aChunkOfTheLogBeforeIsNotUsedAndAskedForAgain() {
        // given
        bench.open(sink, wanted("n:a", P0, new Start.At(G, 4, 3)));
        ready(0, 10, 3, 0);
        truncated(6, 8, 3, 4, 1);
        bench.asked.clear();

        // when
        bench.loop.onReplay(batch(4, 3, "n:a", "n:a", "n:a"), 0);
        bench.turn();
        bench.after(100);

        // then
        assertThat(records()).isEmpty();
        assertThat(bench.asked).contains("replay 1/0 4");
    }

    @Test
    void aChunkOfALaterEpochThanTheHeadIsNotUsed() {
        bench.open(sink, wanted("n:a", P0, new Start.At(G, 4, 3)));
        ready(0, 10, 3, 0);

        bench.loop.onReplay(batch(4, 4, "n:a"), 0);
        bench.turn();

        assertThat(records()).isEmpty();
    }

    @Test
    void whatAReplayHasReadBeyondTheTailerIsForgottenWhenTheTailerHadLostItsPlace() {
        bench.open(sink, wanted("n:a", P0, new Start.At(G, 4, 3)));
        ready(0, 6, 3, 0);

        bench.loop.onReplay(batch(4, 3, "n:a", "n:a", "n:a", "n:a"), 0);
        bench.turn();
        PartitionFacts facts = new PartitionFacts(P0, G, 0, 9, 4, 1);
        bench.loop.onRejoined(facts);
        bench.loop.onPartitionReady(facts, List.of());
        bench.turn();
        bench.loop.onReplay(batch(6, 4, "n:a", "n:a", "n:a"), 1);
        bench.turn();

        assertThat(sink.data("stream.reset")).isEmpty();
        assertThat(records()).containsExactly("4@3", "5@3", "6@4", "7@4", "8@4");
    }

    @Test
    void aClientOfALaterEpochThanTheHeadGoesOnWhenRetentionHasTakenAllBeforeIt() {
        // given
        EventStream stream = bench.open(sink, wanted("n:a", P0, new Start.At(G, 30, 2)));
        ready(0, 30, 1, 0);
        bench.loop.onLogEnd(P0, G, new LogEnd(30, 2), bench.lastAsk);
        bench.turn();

        // when
        bench.loop.onLogStart(P0, G, 30);
        bench.turn();

        // then
        assertThat(bench.loop.describe(stream).state()).isEqualTo(LanePhase.LIVE);
    }

    @Test
    void aClientThatWaitsForTheLogIsResetWhenTheLogWasCutToWhereTheHeadIs() {
        // given
        bench.open(sink, wanted("n:a", P0, new Start.At(G, 38, 3)));
        ready(0, 34, 3, 0);
        bench.loop.onLogEnd(P0, G, new LogEnd(38, 3), bench.lastAsk);
        bench.turn();
        bench.asked.clear();

        // when nothing comes
        bench.after(5_000);

        // then
        assertThat(bench.asked).contains("end " + P0);
        bench.loop.onLogEnd(P0, G, new LogEnd(34, 4, 3, 3, 34), bench.lastAsk);
        bench.turn();
        assertThat(sink.data("stream.reset")).containsExactly(reset(34));
    }

    /** The offset and the epoch of each record that was written. */
    private List<String> records() {
        return sink.data("e").stream()
                .map(json -> json.replaceAll(".*\"data\":\"|\"}", ""))
                .toList();
    }

    /** A client comes to a log from 2 to 20 whose head is of epoch 5. */
    private void resume(long offset, int epoch, LogEnd answer) {
        bench.open(sink, wanted("n:a", P0, new Start.At(G, offset, epoch)));
        ready(2, 20, 5, 0);
        assertThat(bench.asked).contains("end " + P0);
        bench.loop.onLogEnd(P0, G, answer, bench.lastAsk);
        bench.turn();
    }

    private static void ready(LoopBench bench, long logStart, long head) {
        bench.open(new RecordingSink(), wanted("n:z", P0, LIVE));
        bench.loop.onPartitionReady(new PartitionFacts(P0, G, logStart, head, 5, 0), List.of());
        bench.turn();
    }

    private void ready(long logStart, long head, int epoch, long version) {
        bench.loop.onPartitionReady(new PartitionFacts(P0, G, logStart, head, epoch, version), List.of());
        bench.turn();
    }

    private void truncated(long at, long head, int epochAt, int headEpoch, long version) {
        PartitionFacts facts = new PartitionFacts(P0, G, 0, head, headEpoch, version);
        bench.loop.onTruncated(facts, at, epochAt);
        bench.loop.onPartitionReady(facts, List.of());
        bench.turn();
    }

    private static String reset(long offset) {
        return "{\"reason\":\"truncated\",\"channels\":[{\"channel\":\"n:a\",\"start\":{\"offset\":" + offset + "}}]}";
    }

    private static Batch batch(long from, int epoch, String... channels) {
        BatchBuilder builder = new BatchBuilder(P0, G, from).ofEpoch(epoch);
        for (int i = 0; i < channels.length; i++) {
            byte[] value = ("\"" + (from + i) + "@" + epoch + "\"").getBytes(StandardCharsets.US_ASCII);
            builder.add(from + i, channels[i], "e", "i", "t", value);
        }
        return builder.build(from + channels.length);
    }
}
