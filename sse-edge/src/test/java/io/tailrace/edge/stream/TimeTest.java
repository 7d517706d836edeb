package io.tailrace.edge.stream;

import static io.tailrace.edge.stream.LoopBench.LIVE;
import static io.tailrace.edge.stream.LoopBench.P0;
import static io.tailrace.edge.stream.LoopBench.P1;
import static io.tailrace.edge.stream.LoopBench.batch;
import static io.tailrace.edge.stream.LoopBench.position;
import static io.tailrace.edge.stream.LoopBench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeTest {
    private static final long HOUR_MS = 3_600_000;

    private final LoopBench bench = new LoopBench();
    private final RecordingSink sink = new RecordingSink();

    @Test
    void aQuietStreamIsKeptAliveByComments() {
        live();

        for (int i = 0; i < 600; i++) {
            bench.after(100);
        }

        assertThat(sink.comments()).isBetween(3, 5);
        assertThat(sink.types()).containsExactly("stream.open");
    }

    @Test
    void aQuietStreamIsKeptAliveAsSoonAsItsClientReadsAgain() {
        EventStream stream = live();
        sink.writable = false;
        bench.after(15_000);
        assertThat(sink.comments()).isZero();

        sink.writable = true;
        bench.loop.onWritable(stream);
        bench.after(100);

        assertThat(sink.comments()).isEqualTo(1);
    }

    @Test
    void aPositionThatMovedWithoutAnEventIsToldByAnIdAlone() {
        live();
        bench.batch(batch(P0, 0, "n:x", "n:y", "n:z"));
        assertThat(position(sink, P0).nextOffset()).isZero();

        bench.after(15_000);

        assertThat(sink.types()).containsExactly("stream.open", "(id)");
        assertThat(position(sink, P0).nextOffset()).isEqualTo(3);
        assertThat(sink.comments()).isZero();
    }

    @Test
    void aStreamDoesNotOutliveItsToken() {
        bench.open(sink, StreamPlan.Mode.CHANNELS, bench.wallMs + 5_000, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);
        bench.after(4_900);
        assertThat(sink.closed).isFalse();

        bench.after(100);

        assertThat(sink.data("stream.closing")).containsExactly("{\"reason\":\"token_expired\",\"reconnect\":false}");
        assertThat(sink.closed).isTrue();
        assertThat(bench.loop.streams()).isZero();
    }

    @Test
    void aNewTokenLetsItLiveLonger() {
        EventStream stream = bench.open(sink, StreamPlan.Mode.CHANNELS, bench.wallMs + 5_000, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);

        bench.loop.replaceGrants(stream, channel -> true, bench.wallMs + 50_000);
        bench.after(10_000);

        assertThat(sink.closed).isFalse();
        assertThat(sink.data("stream.channels")).isEmpty();
        bench.after(40_000);
        assertThat(sink.closed).isTrue();
    }

    @Test
    void aTokenEndsWhenTheWallClockSaysSo() {
        bench.open(sink, StreamPlan.Mode.CHANNELS, bench.wallMs + 7_200_000, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);

        bench.wallMs += HOUR_MS;
        bench.after(100);
        assertThat(sink.closed).isFalse();

        bench.wallMs += HOUR_MS;
        bench.after(100);
        assertThat(sink.data("stream.closing")).containsExactly("{\"reason\":\"token_expired\",\"reconnect\":false}");
    }

    @Test
    void aTokenLivesLongerWhenTheWallClockWasSetBack() {
        bench.open(sink, StreamPlan.Mode.CHANNELS, bench.wallMs + 5_000, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);

        bench.wallMs -= HOUR_MS;
        bench.after(10_000);
        assertThat(sink.closed).isFalse();

        bench.after(HOUR_MS - 5_000);
        assertThat(sink.closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {HOUR_MS, -HOUR_MS})
    void aStepOfTheWallClockNeitherClosesNorHastensNorDelaysAnything(long stepMs) {
        assertThat(minutesOfAllKinds(stepMs)).isEqualTo(minutesOfAllKinds(0));
    }

    /** What streams of all kinds are written second by second, when somebody sets the wall clock in the third one. */
    private static List<String> minutesOfAllKinds(long stepMs) {
        LoopBench bench = new LoopBench();
        RecordingSink quiet = new RecordingSink();
        RecordingSink stalled = new RecordingSink();
        RecordingSink waiting = new RecordingSink();
        RecordingSink unheard = new RecordingSink(true);
        bench.open(quiet, wanted("n:a", P0, LIVE));
        bench.open(stalled, wanted("n:a", P0, LIVE));
        bench.open(unheard, StreamPlan.Mode.WEBSOCKET, Long.MAX_VALUE, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);
        bench.after(1_000);
        bench.open(waiting, wanted("n:a", P1, LIVE));
        stalled.writable = false;
        stalled.unsentBytes = 7;
        List<String> seen = new ArrayList<>();
        for (int second = 0; second < 150; second++) {
            if (second == 3) {
                bench.wallMs += stepMs;
            }
            if (second == 100) {
                bench.loop.drain(bench.nowMs, 20_000);
            }
            bench.after(1_000);
            for (RecordingSink each : List.of(quiet, stalled, waiting, unheard)) {
                seen.add(second + " " + each.written.size() + " " + each.closed + " " + each.types());
            }
        }
        return seen;
    }

    @Test
    void aDrainClosesStreamsSpreadOverItsTimeEachWithItsOwnRetry() {
        List<RecordingSink> sinks = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            RecordingSink each = new RecordingSink();
            sinks.add(each);
            bench.open(each, wanted("n:a", P0, LIVE));
        }
        bench.ready(P0, 0, 0);
        bench.loop.drain(bench.nowMs, 10_000);

        List<Integer> closedPerSecond = new ArrayList<>();
        for (int second = 0; second < 10; second++) {
            int before = bench.loop.streams();
            bench.after(1_000);
            closedPerSecond.add(before - bench.loop.streams());
        }

        assertThat(bench.loop.streams()).isZero();
        assertThat(closedPerSecond).allMatch(closed -> closed >= 5 && closed <= 40);
        Set<Long> retries = new TreeSet<>();
        sinks.forEach(each -> retries.add(each.last().retryMs()));
        assertThat(retries).hasSizeGreaterThan(50);
        assertThat(sinks).allMatch(each -> each.last().type().equals("stream.closing"));
    }

    @Test
    void aStreamThatOpensDuringADrainIsClosedWithinIt() {
        bench.loop.drain(bench.nowMs, 10_000);
        bench.nowMs += 5_000;
        live();

        bench.after(5_000);

        assertThat(sink.closed).isTrue();
    }

    @Test
    void theOldestStreamIsTheOneThatIsClosedForANewerOne() {
        live();
        RecordingSink younger = new RecordingSink();
        bench.open(younger, wanted("n:a", P0, LIVE));

        assertThat(bench.loop.closeOldest(CloseReason.OVERLOADED)).isTrue();
        bench.turn();

        assertThat(sink.data("stream.closing")).containsExactly("{\"reason\":\"overloaded\",\"reconnect\":true}");
        assertThat(younger.closed).isFalse();
    }

    private EventStream live() {
        EventStream stream = bench.open(sink, wanted("n:a", P0, LIVE));
        bench.ready(P0, 0, 0);
        return stream;
    }
}
