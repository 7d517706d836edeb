package io.tailrace.edge.stream;

import static io.tailrace.edge.stream.LoopBench.G;
import static io.tailrace.edge.stream.LoopBench.LIVE;
import static io.tailrace.edge.stream.LoopBench.P0;
import static io.tailrace.edge.stream.LoopBench.P1;
import static io.tailrace.edge.stream.LoopBench.Q0;
import static io.tailrace.edge.stream.LoopBench.at;
import static io.tailrace.edge.stream.LoopBench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.BatchBuilder;
import io.tailrace.edge.window.PartitionWindow;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartTest {
    @Test
    void withACursorOfVersion1EveryChannelOfItsPartitionsResumes() {
        Cursor cursor = new Cursor(List.of(new Cursor.TopicPosition(
                1,
                G,
                List.of(new Cursor.PartitionPosition(
                        0,
                        50,
                        Cursor.NO_EPOCH,
                        new Cursor.Members.Unknown(),
                        List.of(new Cursor.LaggingChannel(Cursor.channelHash("n:b"), 30)))))));

        List<WantedChannel> split = ResumePlan.split(
                cursor,
                List.of(
                        wanted("n:a", P0, LIVE),
                        wanted("n:b", P0, LIVE),
                        wanted("n:c", P1, LIVE),
                        wanted("m:d", Q0, new Start.Earliest())));

        assertThat(split)
                .containsExactly(
                        wanted("n:a", P0, at(50)),
                        wanted("n:b", P0, at(30)),
                        wanted("n:c", P1, LIVE),
                        wanted("m:d", Q0, new Start.Earliest()));
    }

    @Test
    void aChannelThatTheCursorWasNotMadeForStartsAsNewWhereverItLives() {
        Cursor cursor = new Cursor(
                List.of(new Cursor.TopicPosition(
                        1,
                        G,
                        List.of(new Cursor.PartitionPosition(
                                0,
                                50,
                                4,
                                Cursor.Members.of("n:a"),
                                List.of(new Cursor.LaggingChannel(Cursor.channelHash("n:b"), 30, 3)))))),
                List.of(Cursor.channelHash("n:d"), Cursor.channelHash("n:e")));

        List<WantedChannel> split = ResumePlan.split(
                cursor,
                List.of(
                        wanted("n:a", P0, new Start.Earliest()),
                        wanted("n:b", P0, LIVE),
                        wanted("n:c", P0, new Start.Earliest()),
                        wanted("n:d", P0, LIVE),
                        wanted("n:e", P1, LIVE),
                        wanted("n:f", P1, LIVE)));

        assertThat(split)
                .containsExactly(
                        wanted("n:a", P0, new Start.At(G, 50, 4)),
                        wanted("n:b", P0, new Start.At(G, 30, 3)),
                        wanted("n:c", P0, new Start.Earliest()),
                        wanted("n:d", P0, new Start.Earliest()),
                        wanted("n:e", P1, new Start.Earliest()),
                        wanted("n:f", P1, LIVE));
    }

    @Test
    void aStartIsHeldAgainstTheLog() {
        assertThat(resolve(LIVE)).isEqualTo(new StartResolution.From(20));
        assertThat(resolve(new Start.Earliest())).isEqualTo(new StartResolution.From(10));
        assertThat(resolve(at(10))).isEqualTo(new StartResolution.From(10));
        assertThat(resolve(at(20))).isEqualTo(new StartResolution.From(20));
        assertThat(resolve(at(9))).isEqualTo(new StartResolution.Gap(9, 10));
        assertThat(resolve(at(21))).isEqualTo(new StartResolution.Ask());
        assertThat(resolve(new Start.At(new Generation(1), 15))).isEqualTo(new StartResolution.Ask());
    }

    @Test
    void whatAWindowStillHasIsNotLostThoughRetentionHasDeletedIt() {
        assertThat(StartResolution.resolve(at(7), view(6))).isEqualTo(new StartResolution.From(7));
        assertThat(StartResolution.resolve(at(5), view(6))).isEqualTo(new StartResolution.Gap(5, 6));
    }

    private static StartResolution resolve(Start start) {
        return StartResolution.resolve(start, view(20));
    }

    /** Of a log from 10 to 20. */
    private static PartitionView view(long windowStart) {
        PartitionView view = new PartitionView(P0);
        view.generation = G;
        view.logStart = 10;
        view.window = new PartitionWindow(windowStart, 1000);
        if (windowStart < 20) {
            view.window.append(new BatchBuilder(P0, G, windowStart).build(20));
        }
        return view;
    }
}
