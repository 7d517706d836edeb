package io.tailrace.edge.grpc;

import static io.tailrace.edge.testing.Numbered.channel;
import static io.tailrace.edge.testing.Numbered.numbers;
import static io.tailrace.edge.testing.Numbered.publish;
import static io.tailrace.edge.testing.Numbered.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.tailrace.backends.Eventually;
import io.tailrace.edge.loop.EdgeLoops;
import io.tailrace.edge.stream.LoopStats;
import io.tailrace.edge.testing.GrpcClients;
import io.tailrace.edge.testing.GrpcSubscription;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.SseMessages.Message;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.testing.TestTokens;
import io.tailrace.grpc.channels.v1.SubscribeRequest;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Streams over gRPC from a real edge, beside streams of SSE of the same channels. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class GrpcStreamTest {
    private static final String PADDING = "x".repeat(20_000);

    private final RunningEdge edge =
            RunningEdge.start(Map.of("tailrace.grpc.enabled", true, "tailrace.edge.max-connections-per-address", 0));
    private final ManagedChannel connection = GrpcClients.connect(edge);

    @AfterAll
    void stop() {
        connection.shutdownNow();
        edge.close();
    }

    @Test
    void whatWasBegunOverOneFramingGoesOnOverTheOther() {
        // given
        String channel = channel("news");
        GrpcSubscription first = subscribe("", "live", channel);
        first.next("stream.open");
        publish(channel, 0, 5);
        List<Message> begun = first.events(3);
        first.close();

        // when
        SseClient second = sse(begun.getLast().id(), channel);
        List<Message> gone = second.events(2);
        second.close();
        publish(channel, 5, 8);
        GrpcSubscription third = subscribe(gone.getLast().id(), "", channel);

        // then
        assertThat(numbers(begun)).isEqualTo(range(0, 3));
        assertThat(numbers(gone)).isEqualTo(range(3, 5));
        assertThat(numbers(third.events(3))).isEqualTo(range(5, 8));
        third.awaitCaughtUp();
        third.close();
    }

    @Test
    void deliversWhatSseDeliversForTheSameChannelsAndCursor() {
        // given
        List<String> channels = Stream.generate(() -> channel("news")).limit(5).toList();
        String[] all = channels.toArray(String[]::new);
        channels.forEach(channel -> publish(channel, 0, 4));

        // when
        List<Message> overSse = all(sse("earliest", "", all), 20);
        List<Message> overGrpc = all(subscribe("", "earliest", all), 20);

        // then, in the order of each channel
        assertThat(overGrpc).hasSize(20);
        for (String channel : channels) {
            assertThat(of(channel, overGrpc)).isEqualTo(of(channel, overSse));
        }

        // and from any cursor on
        for (int at : new int[] {0, 7, 18}) {
            String cursor = overGrpc.get(at).id();
            int left = 19 - at;
            List<Message> sse = all(sse(cursor, all), left);
            List<Message> grpc = all(subscribe(cursor, "", all), left);
            for (String channel : channels) {
                assertThat(of(channel, grpc)).isEqualTo(of(channel, sse));
            }
        }
    }

    @Test
    void oneThatDoesNotReadHoldsUpNobodyAndMissesNothing() {
        // given
        String channel = channel("news");
        ManagedChannel own = GrpcClients.connect(edge);
        GrpcSubscription slow = GrpcSubscription.connect(own, request(channel), CallOptions.DEFAULT, null);
        GrpcSubscription fast = subscribe("", "live", channel);
        SseClient sse = sse("live", "", channel);
        fast.next("stream.open");
        sse.next("stream.open");
        Eventually.holds("all are open", () -> sum(LoopStats::streams) == 3);

        // when
        for (int i = 0; i < 200; i++) {
            TestBroker.shared().publish(channel, "note", "{\"n\":" + i + ",\"p\":\"" + PADDING + "\"}");
        }

        // then
        assertThat(numbers(fast.events(200))).isEqualTo(range(0, 200));
        assertThat(numbers(sse.events(200))).isEqualTo(range(0, 200));
        Eventually.holds("little is pending", () -> sum(LoopStats::pendingBytes) < 100_000);
        assertThat(numbers(slow.read().events(200))).isEqualTo(range(0, 200));
        fast.close();
        sse.close();
        slow.close();
        own.shutdownNow();
    }

    @Test
    void aClientThatTakesNothingIsCutAfterAWhile() {
        try (RunningEdge other = RunningEdge.start(Map.of(
                "tailrace.grpc.enabled",
                true,
                "tailrace.edge.stream.stall-timeout",
                "500ms",
                "tailrace.edge.close-timeout",
                "200ms"))) {
            // given
            String channel = channel("news");
            ManagedChannel own = GrpcClients.connect(other);
            GrpcSubscription slow = GrpcSubscription.connect(own, request(channel), CallOptions.DEFAULT, null);
            SseClient good = SseClient.open(other.port(), "/events?channels=" + channel);
            good.next("stream.open");
            Eventually.holds("both are open", () -> sum(other, LoopStats::streams) == 2);

            // when
            for (int i = 0; i < 150; i++) {
                TestBroker.shared().publish(channel, "note", "{\"n\":" + i + ",\"p\":\"" + PADDING + "\"}");
            }

            // then
            assertThat(numbers(good.events(150))).isEqualTo(range(0, 150));
            Eventually.holds("it is cut", () -> sum(other, LoopStats::streams) == 1);
            Eventually.holds("it is counted", () -> sum(other, LoopStats::stalledTotal) == 1);
            Eventually.holds("nothing is held for it", () -> sum(other, LoopStats::pendingBytes) == 0);
            assertThat(slow.read().status().getCode()).isNotEqualTo(Status.Code.OK);
            good.close();
            own.shutdownNow();
        }
    }

    @Test
    void manyStreamsOfOneConnectionHaveNoThreadsOfTheirOwn() {
        // given
        String channel = channel("news");
        GrpcSubscription first = subscribe("", "live", channel);
        first.next("stream.open");
        first.close();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        List<GrpcSubscription> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(subscribe("", "live", channel));
        }
        all.forEach(each -> each.next("stream.open"));

        // when
        publish(channel, 0, 3);

        // then
        all.forEach(each -> assertThat(numbers(each.events(3))).isEqualTo(range(0, 3)));
        assertThat(ManagementFactory.getThreadMXBean().getThreadCount() - threads)
                .isLessThan(100);
        all.forEach(GrpcSubscription::close);
        Eventually.holds("those who have cancelled are forgotten", () -> sum(LoopStats::streams) < 300);
    }

    @Test
    void aLargeEventComesInPartsAndIsWhole() {
        // given
        String channel = channel("news");
        GrpcSubscription client = subscribe("", "live", channel);
        client.next("stream.open");

        // when
        TestBroker.shared().publish(channel, "note", "{\"n\":0,\"p\":\"" + "é".repeat(1_500_000) + "\"}");
        publish(channel, 1, 2);

        // then
        List<Message> events = client.events(2);
        assertThat(numbers(events)).isEqualTo(range(0, 2));
        assertThat(events.getFirst().data()).hasSizeGreaterThan(1_500_000);
        client.close();
    }

    @Test
    void aStreamEndsWithItsTokenAndItsDeadline() {
        // when
        GrpcSubscription withToken = withShortToken(channel("logs"));
        GrpcSubscription withDeadline = GrpcSubscription.connect(
                        connection,
                        request(channel("news")),
                        CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS),
                        null)
                .read();

        // then
        assertThat(withToken.next("stream.closing").data()).contains("token_expired");
        assertThat(withToken.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(withDeadline.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void anEdgeThatStopsEndsItsStreamsWithACursor() {
        // given
        String channel = channel("news");
        RunningEdge other = RunningEdge.start(Map.of("tailrace.grpc.enabled", true));
        ManagedChannel own = GrpcClients.connect(other);
        GrpcSubscription client = GrpcSubscription.open(own, "", "live", channel);
        client.next("stream.open");
        publish(channel, 0, 2);
        assertThat(numbers(client.events(2))).isEqualTo(range(0, 2));

        // when
        other.close();

        // then
        String cursor = client.next("stream.closing").id();
        assertThat(client.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        publish(channel, 2, 4);
        GrpcSubscription next = subscribe(cursor, "", channel);
        assertThat(numbers(next.events(2))).isEqualTo(range(2, 4));
        next.close();
        own.shutdownNow();
    }

    private GrpcSubscription subscribe(String cursor, String start, String... channels) {
        return GrpcSubscription.open(connection, cursor, start, channels);
    }

    private SseClient sse(String cursor, String... channels) {
        return sse("", cursor, channels);
    }

    private SseClient sse(String start, String cursor, String[] channels) {
        return SseClient.open(
                edge.port(),
                "/events?channels=" + String.join(",", channels) + "&start=" + start + "&last_event_id=" + cursor);
    }

    private SseClient sse(String start, String cursor, String channel) {
        return sse(start, cursor, new String[] {channel});
    }

    /** A stream that was opened before its token ended, which is soon. On a busy machine the shortest one may end before. */
    private GrpcSubscription withShortToken(String channel) {
        int seconds = 2;
        while (true) {
            String token = TestTokens.token("reader", Duration.ofSeconds(seconds), "logs:*");
            GrpcSubscription stream = GrpcSubscription.connect(connection, request(channel), CallOptions.DEFAULT, token)
                    .read();
            try {
                stream.next("stream.open");
                return stream;
            } catch (AssertionError refused) {
                if (seconds > 30) {
                    throw refused;
                }
                seconds *= 2;
            }
        }
    }

    private static SubscribeRequest request(String channel) {
        return SubscribeRequest.newBuilder().addChannels(channel).build();
    }

    private static List<Message> all(io.tailrace.edge.testing.SseMessages client, int events) {
        List<Message> all = client.events(events);
        client.awaitCaughtUp();
        client.close();
        return all;
    }

    /** What of it is of a channel. Ids are left out: with several partitions they tell which was read first. */
    private static List<String> of(String channel, List<Message> messages) {
        return messages.stream()
                .filter(message -> message.data().contains(channel))
                .map(message -> message.event() + " " + message.data())
                .toList();
    }

    private long sum(ToLongFunction<LoopStats> field) {
        return sum(edge, field);
    }

    private static long sum(RunningEdge edge, ToLongFunction<LoopStats> field) {
        return edge.part(EdgeLoops.class).stats().stream().mapToLong(field).sum();
    }
}
