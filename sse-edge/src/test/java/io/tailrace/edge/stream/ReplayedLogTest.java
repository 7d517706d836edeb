package io.tailrace.edge.stream;

import static io.tailrace.edge.stream.LoopBench.G;
import static io.tailrace.edge.stream.LoopBench.P0;
import static io.tailrace.edge.stream.LoopBench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.BatchBuilder;
import io.tailrace.edge.window.PartitionFacts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A replay reads from whichever broker leads: what of it is given is in the log that was compared with what streams have read. */
class ReplayedLogTest {
    private final LoopBench bench = new LoopBench();
    private final RecordingSink sink = new RecordingSink();

    @Test
    void recordsOfAnOlderEpochAreGivenWhenABrokerHasSaidThatTheLogHasThem() {
        // given
        bench.open(sink, wanted("n:a", P0, new Start.Earliest()));
        ready(0, 10, 3);

        // when
        replay(batch(0, 1, "n:a", "n:a"));

        // then
        assertThat(records()).isEmpty();
        assertThat(bench.asked).contains("end " + P0);
        bench.loop.onLogEnd(P0, G, new LogEnd(10, 3, 1, 1, 4), bench.lastAsk);
        bench.turn();
        bench.asked.clear();
        replay(batch(0, 1, "n:a", "n:a"));
        replay(batch(2, 1, "n:a", "n:a"));
        assertThat(records()).containsExactly("0@1", "1@1", "2@1", "3@1");
        assertThat(bench.asked).doesNotContain("end " + P0);
    }

    @Test
    void recordsOfAnOlderEpochBeyondItsEndAreNotGiven() {
        bench.open(sink, wanted("n:a", P0, new Start.Earliest()));
        ready(0, 10, 3);
        replay(batch(0, 1, "n:a", "n:a", "n:a"));
        bench.loop.onLogEnd(P0, G, new LogEnd(10, 3, 1, 1, 2), bench.lastAsk);
        bench.turn();

        replay(batch(0, 1, "n:a", "n:a", "n:a"));

        assertThat(records()).isEmpty();
    }

    @Test
    void recordsOfAnEpochThatTheLogHasNotAreNotGivenAndAskedForAgain() {
        bench.open(sink, wanted("n:a", P0, new Start.Earliest()));
        ready(0, 10, 3);
        replay(batch(0, 2, "n:a"));
        bench.loop.onLogEnd(P0, G, new LogEnd(10, 3, 2, 1, 4), bench.lastAsk);
        bench.turn();

        replay(batch(0, 2, "n:a"));
        bench.asked.clear();
        bench.after(100);

        assertThat(records()).isEmpty();
        assertThat(bench.asked).contains("replay 1/0 0");
    }

    @Test
    void whatLiesBeyondTheHeadIsNotGivenWhenTheHeadHasComeToIt() {
        // given a replay that has read more than the tailer, of a leader that has lost it since
        EventStream stream = bench.open(sink, wanted("n:a", P0, new Start.Earliest()));
        ready(0, 2, 0);
        sink.writable = false;
        replay(batch(0, 0, "n:a", "n:a", "n:a", "n:a"));

        // when
        bench.batch(batch(2, 1, "n:a", "n:a"));
        sink.writable = true;
        bench.loop.onWritable(stream);
        bench.turn();
        bench.loop.onLogEnd(P0, G, new LogEnd(4, 1, 0, 0, 2), bench.lastAsk);
        bench.turn();
        replay(batch(0, 0, "n:a", "n:a"));

        // then
        assertThat(records()).containsExactly("0@0", "1@0", "2@1", "3@1");
    }

    private void replay(Batch chunk) {
        bench.loop.onReplay(chunk, 0);
        bench.turn();
    }

    private void ready(long logStart, long head, int epoch) {
        bench.loop.onPartitionReady(new PartitionFacts(P0, G, logStart, head, epoch, 0), List.of());
        bench.turn();
    }

    /** The offset and the epoch of each record that was written. */
    private List<String> records() {
        return sink.data("e").stream()
                .map(json -> json.replaceAll(".*\"data\":\"|\"}", ""))
                .toList();
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
