package io.tailrace.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.edge.testing.SeriesPoints;
import io.tailrace.edge.watch.LogPosition;
import io.tailrace.edge.watch.WatchPlan;
import io.tailrace.edge.watch.WatchQuestion;
import io.tailrace.edge.watch.WatchedHistory;
import io.tailrace.grpc.channels.v1.Frame;
import io.tailrace.grpc.channels.v1.SubscribeResponse;
import io.tailrace.grpc.series.v1.Metric;
import io.tailrace.grpc.series.v1.Point;
import io.tailrace.grpc.series.v1.QueryRequest;
import io.tailrace.grpc.series.v1.QueryResponse;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.grpc.series.v1.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * History joined with live, at random: while windows change, late ones too, a client is cut at any message, in the history and behind it, and comes
 * back with the last cursor that it has. It has every window with its last state, and no state twice.
 */
class WatchJoinTest {
    private static final String METRIC = "0199a000-0000-7000-8000-000000000001";
    private static final String CHANNEL = "series:" + METRIC + ":1s";
    private static final Generation GENERATION = new Generation(77);
    private static final long BASE_MS = 1_700_000_000_000L;
    private static final long NOW_MS = BASE_MS + 60_000;
    private static final int WINDOWS = 30;
    private static final int CUTS = 12;

    /** A channel, its copy, and a client. */
    private static final class Scene {
        final Random random;

        /** The records: which window, and its number of readings. */
        final List<long[]> log = new ArrayList<>();

        final Map<Long, Long> windows = new TreeMap<>();
        final Map<Long, Long> shown = new TreeMap<>();
        final boolean conflates;
        int copied;
        long clockMs;
        long lastSequence;
        String cursor = "";

        @Nullable
        String epoch;

        Scene(Random random) {
            this.random = random;
            this.conflates = random.nextBoolean();
        }

        void change(int times) {
            for (int i = 0; i < times; i++) {
                long tMs = BASE_MS + 1_000L * random.nextInt(WINDOWS);
                long count = windows.merge(tMs, 1L + random.nextInt(2), Long::sum);
                log.add(new long[] {tMs, count});
            }
        }

        void copy() {
            copied += random.nextInt(log.size() - copied + 1);
        }

        void call(boolean last) {
            WatchRequest.Builder request = WatchRequest.newBuilder()
                    .setMetricId(METRIC)
                    .setResolution("1s")
                    .setFrom(SeriesPoints.time(BASE_MS))
                    .setMaxPoints(10_000)
                    .setCursor(cursor);
            if (conflates) {
                request.setInterval(com.google.protobuf.Duration.newBuilder().setSeconds(10));
            }
            WatchQuestion question =
                    WatchQuestion.read(request.build(), Resolutions.parse(Resolutions.STANDARD), NOW_MS);
            WatchPlan plan = WatchPlan.of(question, answer(WatchPlan.query(question, 7_200_000)), 5, 0);
            PlayedOutlet outlet = new PlayedOutlet();
            outlet.room = last ? Integer.MAX_VALUE : 1 + random.nextInt(2 * WINDOWS);
            WatchResponses responses = new WatchResponses(
                    question,
                    plan,
                    true,
                    () -> {},
                    new UnreadablePoints(new SimpleMeterRegistry()),
                    () -> clockMs,
                    () -> 0);
            responses.begin(outlet);
            int at = (int) nextOffset(plan.position());
            boolean open = true;
            while (open) {
                if (!last) {
                    change(random.nextInt(5));
                }
                int end = Math.min(log.size(), at + 1 + random.nextInt(4));
                if (responses.hasRoom() && (last || outlet.hasRoom()) && at < end) {
                    feed(responses, at, end);
                    at = end;
                }
                clockMs += 2_000;
                if (random.nextInt(4) == 0) {
                    outlet.runLater();
                }
                open = last ? at < log.size() : outlet.hasRoom() && random.nextInt(10) > 0;
            }
            if (last) {
                send(
                        responses,
                        Frame.newBuilder()
                                .setType("stream.caught_up")
                                .setData("{}")
                                .setCursor(cursorAt(at)));
            }
            take(outlet.sent, last);
        }

        private void feed(WatchResponses responses, int from, int to) {
            for (int i = from; i < to; i++) {
                String data = SeriesPoints.json(METRIC, log.get(i)[0], log.get(i)[1]);
                send(
                        responses,
                        Frame.newBuilder()
                                .setType("point")
                                .setData("{\"channel\":\"" + CHANNEL + "\",\"data\":" + data + "}")
                                .setCursor(cursorAt(i + 1)));
            }
        }

        /** The client has got some of what was sent, at least the first message, and then the connection is cut. */
        private void take(List<WatchResponse> sent, boolean all) {
            int count = all ? sent.size() : 1 + random.nextInt(sent.size());
            for (WatchResponse response : sent.subList(0, count)) {
                assertThat(response.getSequence()).isEqualTo(lastSequence + 1);
                lastSequence = response.getSequence();
                cursor = response.getCursor();
                if (response.hasStarted()) {
                    assertThat(response.getStarted().getResumed()).isEqualTo(epoch != null);
                    assertThat(epoch == null ? response.getStarted().getEpoch() : epoch)
                            .isEqualTo(response.getStarted().getEpoch());
                    epoch = response.getStarted().getEpoch();
                } else if (response.hasPoint() && response.getPoint().getCount() > 0) {
                    Point point = response.getPoint();
                    Long before = shown.put(SeriesPoints.timeMs(point), point.getCount());
                    assertThat(point.getCount())
                            .as("no state comes twice, and none is older than the one before")
                            .isGreaterThan(before == null ? 0 : before);
                }
                assertThat(response.hasGap()).isFalse();
            }
        }

        private WatchedHistory answer(QueryRequest query) {
            Map<Long, Long> rows = new TreeMap<>();
            log.subList(0, copied).forEach(record -> rows.put(record[0], record[1]));
            long fromMs = query.getFrom().getSeconds() * 1_000;
            QueryResponse.Builder answer = QueryResponse.newBuilder()
                    .setMetric(Metric.newBuilder().setId(METRIC).setName("m"))
                    .setPosition(cursorAt(copied));
            rows.forEach((tMs, count) -> {
                if (tMs >= fromMs && query.getMaxPoints() > 1) {
                    answer.addPoints(SeriesPoints.point(tMs, count));
                }
            });
            return new WatchedHistory(List.of(answer.build().toByteArray()));
        }

        private static String cursorAt(long nextOffset) {
            return SeriesPoints.cursor(CHANNEL, GENERATION, nextOffset);
        }

        private static long nextOffset(String position) {
            return Objects.requireNonNull(LogPosition.of(position), position).nextOffset();
        }

        private static void send(WatchResponses responses, Frame.Builder frame) {
            byte[] bytes =
                    SubscribeResponse.newBuilder().addFrames(frame).build().toByteArray();
            responses.frames(bytes, bytes.length);
        }
    }

    @Property(tries = 60)
    void whoeverComesBackAtAnyMomentHasEachWindowAsItIsAndNoStateTwice(@ForAll long seed) {
        Scene scene = new Scene(new Random(seed));
        scene.change(100);
        int cuts = scene.random.nextInt(CUTS);
        for (int i = 0; i < cuts; i++) {
            scene.copy();
            scene.call(false);
            scene.change(scene.random.nextInt(20));
        }
        scene.copy();
        scene.call(true);

        assertThat(scene.shown).isEqualTo(scene.windows);
    }
}
