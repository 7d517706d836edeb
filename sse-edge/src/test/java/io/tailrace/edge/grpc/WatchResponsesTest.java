package io.tailrace.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.Duration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.edge.testing.SeriesPoints;
import io.tailrace.edge.watch.WatchPlan;
import io.tailrace.edge.watch.WatchQuestion;
import io.tailrace.edge.watch.WatchedHistory;
import io.tailrace.grpc.channels.v1.Frame;
import io.tailrace.grpc.channels.v1.SubscribeResponse;
import io.tailrace.grpc.series.v1.Metric;
import io.tailrace.grpc.series.v1.QueryResponse;
import io.tailrace.grpc.series.v1.WatchGap;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.grpc.series.v1.WatchResponse;
import io.tailrace.grpc.series.v1.WatchResponse.EventCase;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a watch sends of what its stream appends. */
class WatchResponsesTest {
    private static final String METRIC = "0199a000-0000-7000-8000-000000000002";
    private static final String CHANNEL = "series:" + METRIC + ":1s";
    private static final Generation GENERATION = new Generation(1);
    private static final long BASE_MS = 1_700_000_000_000L;
    private static final long NOW_MS = BASE_MS + 60_000;
    private static final long DAY_MS = 86_400_000;

    private final PlayedOutlet outlet = new PlayedOutlet();
    private long clockMs;
    private long wallMs = NOW_MS;
    private long offset = 10;
    private int released;
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final UnreadablePoints unreadable = new UnreadablePoints(meters, () -> clockMs);
    private WatchResponses responses = begin(request -> {}, 0);

    @Test
    void startsLiveWhereTheStreamSaysAndTellsEachChange() {
        open();
        point(0, 1);
        point(0, 2);

        assertThat(outlet.sent)
                .extracting(WatchResponse::getEventCase)
                .containsExactly(EventCase.STARTED, EventCase.CAUGHT_UP, EventCase.POINT, EventCase.POINT);
        assertThat(outlet.sent).extracting(WatchResponse::getSequence).containsExactly(1L, 2L, 3L, 4L);
        assertThat(outlet.sent.getLast().getPoint()).isEqualTo(SeriesPoints.point(BASE_MS, 2));
        assertThat(outlet.sent.getFirst().getStarted().getChannel()).isEqualTo(CHANNEL);
    }

    @Test
    void whatChangesWithinAnIntervalIsConflatedAndCounted() {
        responses = begin(request -> request.setInterval(Duration.newBuilder().setSeconds(10)), 0);
        open();
        point(0, 1);
        point(0, 2);
        point(1, 1);
        point(0, 3);
        point(0, 4);
        point(1, 2);
        assertThat(points()).hasSize(1);

        clockMs += 10_000;
        outlet.runLater();

        assertThat(points()).hasSize(3);
        assertThat(points().get(1).getPoint()).isEqualTo(SeriesPoints.point(BASE_MS, 4));
        assertThat(points().get(1).getConflated()).isEqualTo(3);
        assertThat(points().get(2).getPoint()).isEqualTo(SeriesPoints.point(BASE_MS + 1_000, 2));
        assertThat(points().get(2).getConflated()).isZero();
    }

    @Test
    void anIntervalEndsEarlyWhenManyWindowsWait() {
        responses = begin(request -> request.setInterval(Duration.newBuilder().setSeconds(3_600)), 0);
        open();
        point(0, 1);
        outlet.room = 0;
        for (int window = 1; window <= 256; window++) {
            assertThat(responses.hasRoom()).isTrue();
            point(window, 1);
        }
        assertThat(responses.hasRoom()).as("no more than that is kept").isFalse();
        assertThat(points()).hasSize(1);

        outlet.room = 300;
        responses.ready();

        assertThat(points()).hasSize(257);
        assertThat(responses.hasRoom()).isTrue();
        assertThat(outlet.woken).isPositive();
    }

    @Test
    void theHistoryIsSentAsTheClientTakesItAndHoldsTheStream() {
        responses = begin(request -> request.setFrom(SeriesPoints.time(BASE_MS)), 3);
        // Started and one point.
        outlet.sent.clear();
        WatchResponses slow = responses(request -> request.setFrom(SeriesPoints.time(BASE_MS)), 3);
        outlet.room = 2;
        slow.begin(outlet);

        assertThat(outlet.sent).hasSize(2);
        assertThat(slow.hasRoom()).isFalse();
        assertThat(slow.keptBytes()).isPositive();
        assertThat(released).isEqualTo(1);

        outlet.room = 10;
        slow.ready();

        assertThat(points()).hasSize(3);
        assertThat(slow.hasRoom()).isTrue();
        assertThat(slow.keptBytes()).isZero();
        assertThat(released).isEqualTo(2);
    }

    @Test
    void aRangeWithAnEndEndsBehindIt() {
        responses = begin(request -> request.setTo(SeriesPoints.time(BASE_MS + 2_000)), 0);
        open();
        point(0, 1);
        point(1, 1);
        point(2, 1);
        assertThat(outlet.finished).isFalse();
        outlet.runLater();

        assertThat(points())
                .extracting(point -> SeriesPoints.timeMs(point.getPoint()))
                .containsExactly(BASE_MS, BASE_MS + 1_000);
        assertThat(outlet.finished).isTrue();
    }

    @Test
    void ofASilentMetricTheCursorMoves() {
        open();
        frame(Frame.newBuilder());
        offset += 1_000;
        frame(Frame.newBuilder().setCursor(cursor()));
        assertThat(outlet.sent).hasSize(2);
        clockMs += 15_000;
        frame(Frame.newBuilder().setType("other").setCursor(cursor()));

        assertThat(outlet.sent).hasSize(3);
        assertThat(outlet.sent.getLast().getEventCase()).isEqualTo(EventCase.EVENT_NOT_SET);
        assertThat(outlet.sent.getLast().getCursor())
                .isNotEqualTo(outlet.sent.get(1).getCursor());
    }

    @Test
    void aRangeDoesNotEndBeforeTheClientHasEverything() {
        responses = begin(request -> request.setTo(SeriesPoints.time(BASE_MS + 2_000)), 0);
        open();
        outlet.done = false;
        outlet.runLater();
        assertThat(outlet.finished).isFalse();
        point(0, 1);
        outlet.done = true;
        outlet.runLater();

        assertThat(points()).hasSize(1);
        assertThat(outlet.finished).isTrue();
    }

    @Test
    void nothingIsLeftOfACallThatIsOver() {
        responses = begin(
                request -> request.setTo(SeriesPoints.time(BASE_MS + 86_400_000))
                        .setInterval(Duration.newBuilder().setSeconds(3_600)),
                0);
        open();
        point(0, 1);
        point(0, 2);
        assertThat(outlet.timers).hasSize(2).noneMatch(Future::isCancelled);

        responses.end();

        assertThat(outlet.timers).allMatch(Future::isCancelled);
    }

    @Test
    void whatIsMissingIsTold() {
        open();
        control("stream.gap", "{\"from\":1,\"to\":5}");
        control("stream.reset", "{\"reason\":\"truncated\"}");
        control("stream.channels", "{}");
        control("stream.closing", "{}");

        assertThat(outlet.sent)
                .extracting(WatchResponse::getEventCase)
                .containsExactly(EventCase.STARTED, EventCase.CAUGHT_UP, EventCase.GAP, EventCase.GAP);
        assertThat(outlet.sent.getLast().getGap().getReason()).contains("ask for the history anew");
    }

    @Test
    void whatABridgeCouldNotCopyIsToldBehindThePointsBeforeIt() {
        responses = begin(request -> request.setInterval(Duration.newBuilder().setSeconds(10)), 0);
        open();
        point(0, 1);
        point(1, 1);
        event(
                "series_gap",
                "{\"metric_id\":\"" + METRIC
                        + "\",\"bridge\":\"walks\",\"epoch\":\"e\",\"first_sequence\":18,\"last_sequence\":20,\"from\":\"2026-01-02T03:04:05Z\",\"to\":null,\"reason\":\"The"
                        + " source has lost them.\"}");
        event("series_gap", "{\"metric_id\":17}");

        assertThat(outlet.sent)
                .extracting(WatchResponse::getEventCase)
                .containsExactly(
                        EventCase.STARTED, EventCase.CAUGHT_UP, EventCase.POINT, EventCase.POINT, EventCase.GAP);
        WatchGap gap = outlet.sent.getLast().getGap();
        assertThat(gap.getReason()).isEqualTo("The source has lost them.");
        assertThat(gap.getFrom().getSeconds()).isEqualTo(1_767_323_045);
        assertThat(gap.hasTo()).isFalse();
        assertThat(gap.getFirstSequence()).as("a number of another numbering").isZero();
    }

    @Test
    void readingsOfOneMetricAreTakenFromThoseOfAll() {
        responses = begin(request -> request.setResolution("raw").setFrom(SeriesPoints.time(BASE_MS)), 0);
        open();
        reading(METRIC, 5, 1.5);
        reading("0199a000-0000-7000-8000-000000000003", 6, 2);
        reading(METRIC, -1, 3);
        reading(METRIC, 4, 4.5);

        assertThat(points()).hasSize(2);
        assertThat(points().getFirst().getPoint().getMean()).isEqualTo(1.5);
        assertThat(points().getFirst().getPoint().getCount()).isEqualTo(1);
        assertThat(points().getLast().getPoint().getTime()).isEqualTo(SeriesPoints.time(BASE_MS + 4));
        assertThat(outlet.sent.getFirst().getStarted().getChannel()).isEmpty();
    }

    @Test
    void readingsFromBeforeWhatTheChannelKeepsAreAGap() {
        responses = begin(request -> request.setResolution("raw").setFrom(SeriesPoints.time(BASE_MS - 2 * DAY_MS)), 0);
        open();

        assertThat(outlet.sent.get(1).getGap().getFrom()).isEqualTo(SeriesPoints.time(BASE_MS - 2 * DAY_MS));
        assertThat(outlet.sent.get(1).getGap().getTo()).isEqualTo(SeriesPoints.time(NOW_MS - DAY_MS));
    }

    @Test
    void anEventInPartsIsOnePoint() {
        open();
        byte[] data = envelope(SeriesPoints.json(METRIC, BASE_MS, 3)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        var bytes = com.google.protobuf.ByteString.copyFrom(data);
        frame(Frame.newBuilder()
                .setType("point")
                .setPart(bytes.substring(0, 20))
                .setMore(true));
        frame(Frame.newBuilder().setPart(bytes.substring(20, 30)).setMore(true));
        frame(Frame.newBuilder().setPart(bytes.substring(30)).setCursor(cursor()));

        assertThat(points()).hasSize(1);
        assertThat(points().getFirst().getPoint()).isEqualTo(SeriesPoints.point(BASE_MS, 3));
    }

    @Test
    void whatIsNoPointIsPassedOverAndCountedAndOneOfThemAMinuteIsLogged() {
        Logger logger = (Logger) LoggerFactory.getLogger(UnreadablePoints.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            open();
            unreadable();
            unreadable();
            // Another call of the same edge.
            responses = responses(request -> {}, 0);
            responses.begin(outlet);
            open();
            unreadable();
            assertThat(lines.list).hasSize(1);

            clockMs += 60_000;
            unreadable();
            point(0, 1);
        } finally {
            logger.detachAppender(lines);
        }

        assertThat(lines.list).hasSize(2);
        assertThat(lines.list.getLast().getFormattedMessage()).contains(CHANNEL, "2 more");
        assertThat(meters.counter("tailrace.edge.watch.unreadable").count()).isEqualTo(4);
        assertThat(points()).hasSize(1);
    }

    private void unreadable() {
        offset++;
        frame(Frame.newBuilder()
                .setType("point")
                .setData(envelope("{\"metric_id\":\"" + METRIC + "\",\"t\":\"soon\"}"))
                .setCursor(cursor()));
    }

    private WatchResponses begin(Consumer<WatchRequest.Builder> change, int points) {
        outlet.sent.clear();
        WatchResponses made = responses(change, points);
        made.begin(outlet);
        return made;
    }

    private WatchResponses responses(Consumer<WatchRequest.Builder> change, int points) {
        WatchRequest.Builder request =
                WatchRequest.newBuilder().setMetricId(METRIC).setResolution("1s");
        change.accept(request);
        WatchQuestion question = WatchQuestion.read(request.build(), Resolutions.parse(Resolutions.STANDARD), NOW_MS);
        QueryResponse.Builder answer = QueryResponse.newBuilder()
                .setMetric(Metric.newBuilder().setId(METRIC).setName("m"))
                .setPosition(cursor());
        for (int i = 0; i < points; i++) {
            answer.addPoints(SeriesPoints.point(BASE_MS + i * 1_000L, 1));
        }
        WatchPlan plan =
                WatchPlan.of(question, new WatchedHistory(List.of(answer.build().toByteArray())), 3, DAY_MS);
        return new WatchResponses(question, plan, false, () -> released++, unreadable, () -> clockMs, () -> wallMs);
    }

    private void open() {
        control("stream.open", "{}");
    }

    private void control(String type, String data) {
        frame(Frame.newBuilder().setType(type).setData(data).setCursor(cursor()));
    }

    private void event(String type, String data) {
        offset++;
        frame(Frame.newBuilder().setType(type).setData(envelope(data)).setCursor(cursor()));
    }

    private void point(int window, long count) {
        offset++;
        frame(Frame.newBuilder()
                .setType("point")
                .setData(envelope(SeriesPoints.json(METRIC, BASE_MS + window * 1_000L, count)))
                .setCursor(cursor()));
    }

    private void reading(String metric, int ms, double value) {
        offset++;
        frame(Frame.newBuilder()
                .setType("metric_reading_created")
                .setData(envelope("{\"id\":\"1\",\"metric_id\":\"" + metric + "\",\"value\":" + value
                        + ",\"timestamp\":\"" + Instant.ofEpochMilli(BASE_MS + ms) + "\"}"))
                .setCursor(cursor()));
    }

    private void frame(Frame.Builder frame) {
        byte[] bytes = SubscribeResponse.newBuilder().addFrames(frame).build().toByteArray();
        responses.frames(bytes, bytes.length);
    }

    private String cursor() {
        return SeriesPoints.cursor(CHANNEL, GENERATION, offset);
    }

    private List<WatchResponse> points() {
        return outlet.sent.stream().filter(WatchResponse::hasPoint).toList();
    }

    private static String envelope(String data) {
        return "{\"channel\":\"" + CHANNEL + "\",\"data\":" + data + "}";
    }
}
