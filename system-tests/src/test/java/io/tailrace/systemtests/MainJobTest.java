package io.tailrace.systemtests;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.Publisher;
import io.tailrace.systemtests.client.Subscriber;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.ServiceProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The main job: whatever dies, a subscriber has every acknowledged event, once, in order per channel. Edges and the
 * dispatcher are processes of their own here, so that each can be killed alone.
 */
@Tag("server")
class MainJobTest {
    private static final Duration READY = Duration.ofSeconds(90);
    private static final Duration CAUGHT_UP = Duration.ofSeconds(90);
    private static final int CHANNELS = 9;
    private static final int PER_CHANNEL = 20;

    /** Between two kills, at 200 a second; 1,000 are for a long look. */
    private static final int PROGRESS = Integer.getInteger("tailrace.events", 400);

    private static Platform platform;

    @BeforeAll
    static void startTheBackendsAndTheWriteApi() throws Exception {
        platform = Platform.up("sse-edge", "event-dispatcher", "search", "telemetry");
    }

    @AfterAll
    static void stopEverything() throws Exception {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void a_subscriber_has_every_event_once_and_in_order_whatever_is_killed() throws Exception {
        // given two edges, a dispatcher, a follower and publishers at 200 events/s in all
        List<ServiceProcess> services = platform.runAll("event-dispatcher", "sse-edge", "sse-edge");
        ServiceProcess dispatcher = services.get(0);
        ServiceProcess edge1 = services.get(1);
        ServiceProcess edge2 = services.get(2);
        String author = UUID.randomUUID().toString();
        String follower = UUID.randomUUID().toString();
        Api service = new Api(platform.origin(), platform.token("publisher", "--publish", "chat:*"));
        Api authorApi = new Api(platform.origin(), platform.token(author));
        new Api(platform.origin(), platform.token(follower)).mustWrite("PUT", "/follows/" + author, null);

        List<String> channels = new ArrayList<>(
                IntStream.range(0, CHANNELS).mapToObj(i -> "chat:room" + i).toList());
        channels.add("feed:" + follower);
        String token = platform.token(follower, "--subscribe", "chat:*");
        try (Subscriber subscriber = new Subscriber(List.of(edge1.origin(), edge2.origin()), token, "", channels)) {
            eventually("the stream is open", READY, () -> subscriber.connections() == 1);
            Map<String, Publisher> publishers = new LinkedHashMap<>();
            for (String channel : channels) {
                publishers.put(
                        channel,
                        channel.startsWith("feed:")
                                ? Publisher.ofPosts(authorApi, PER_CHANNEL)
                                : Publisher.onChannel(service, channel, PER_CHANNEL));
            }
            eventually("events flow", READY, () -> subscriber.count() > PROGRESS);

            // when the edge, the dispatcher and the broker are killed one after the other
            edge1.kill9();
            eventually("the other edge took over", READY, () -> subscriber.connections() >= 2);
            awaitProgress(subscriber, PROGRESS);
            edge1.start(READY);
            dispatcher.kill9();
            awaitProgress(subscriber, PROGRESS);
            dispatcher.start(READY);
            awaitProgress(subscriber, PROGRESS);
            platform.kill9("kafka");
            awaitProgress(subscriber, 2 * PROGRESS);
            edge2.kill9();
            awaitProgress(subscriber, PROGRESS);

            // then nothing is missing, nothing came twice, and each channel is in order
            Map<String, List<String>> published = new LinkedHashMap<>();
            for (Map.Entry<String, Publisher> publisher : publishers.entrySet()) {
                published.put(publisher.getKey(), publisher.getValue().stop());
            }
            int total = published.values().stream().mapToInt(List::size).sum();
            eventually("all " + total + " events arrived", CAUGHT_UP, () -> subscriber.count() >= total);
            for (String channel : channels) {
                assertThat(subscriber.received(channel)).as(channel).isEqualTo(published.get(channel));
            }
            assertThat(subscriber.controlTypes()).doesNotContain("stream.gap", "stream.reset");
            System.out.printf(
                    Locale.ROOT,
                    "main job: %d events published, %d received, %d connections, 0 lost, 0 repeated%n",
                    total,
                    subscriber.count(),
                    subscriber.connections());
        }
    }

    @Test
    void an_old_cursor_resumes_after_everything_was_stopped_and_started_again() throws Exception {
        // given a cursor, and events that were published after it
        ServiceProcess edge = platform.run("sse-edge");
        Api service = new Api(platform.origin(), platform.token("publisher", "--publish", "news:*"));
        String token = platform.token("reader");
        List<String> channels = List.of("news:restart");
        String cursor;
        try (Subscriber subscriber = new Subscriber(List.of(edge.origin()), token, "", channels)) {
            eventually("the stream is open", READY, () -> subscriber.connections() == 1);
            cursor = subscriber.lastEventId();
        }
        assertThat(cursor).isNotEmpty();
        Publisher publisher = Publisher.onChannel(service, "news:restart", 50);
        eventually("some are published", READY, () -> publisher.acknowledged().size() >= 100);
        List<String> published = publisher.stop();

        // when everything stops and starts
        platform.down();
        platform.upAgain();
        ServiceProcess newEdge = platform.run("sse-edge");

        // then the cursor still gives exactly what came after it
        try (Subscriber subscriber = new Subscriber(List.of(newEdge.origin()), token, cursor, channels)) {
            eventually("all arrived", READY, () -> subscriber.count() >= published.size());
            assertThat(subscriber.received("news:restart")).isEqualTo(published);
            assertThat(subscriber.controlTypes()).doesNotContain("stream.gap", "stream.reset");
        }
    }

    private static void awaitProgress(Subscriber subscriber, int events) throws Exception {
        int before = subscriber.count();
        eventually(events + " more events", READY, () -> subscriber.count() >= before + events);
    }
}
