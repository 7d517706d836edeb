package io.tailrace.edge.history;

import static io.tailrace.edge.testing.HistoryPages.numbers;
import static io.tailrace.edge.testing.HistoryPages.page;
import static io.tailrace.edge.testing.Numbered.range;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding.Decoded;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.history.PageRequest.Direction;
import io.tailrace.edge.stream.Start;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.testing.TestTokens;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.kit.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code GET /channels/{channel}/events} of an edge with a broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class HistoryTest {
    private static final String NO_TOKEN = "";

    private static final int HELD_BYTES = 8_000;

    private final RunningEdge edge = RunningEdge.start();
    private final RunningEdge small = RunningEdge.start(
            Map.of("tailrace.edge.history.scan-bytes", 4_000, "tailrace.edge.history.held-bytes", HELD_BYTES));
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterAll
    void stop() {
        http.close();
        small.close();
        edge.close();
    }

    @Test
    void pagesGoForwardsFromTheOldestEventToTheLast() throws Exception {
        String channel = Numbered.channel("news");
        Numbered.publish(channel, 0, 7);

        JsonNode first = page(edge, channel, "after=earliest&limit=3");
        JsonNode second =
                page(edge, channel, "limit=3&after=" + first.get("next").asText());
        JsonNode third =
                page(edge, channel, "limit=3&after=" + second.get("next").asText());

        assertThat(numbers(first)).isEqualTo(range(0, 3));
        assertThat(numbers(second)).isEqualTo(range(3, 6));
        assertThat(numbers(third)).isEqualTo(range(6, 7));
        assertThat(third.get("next").isNull()).isTrue();
        assertThat(numbers(page(edge, channel, "after=" + third.get("position").asText())))
                .isEmpty();
    }

    @Test
    void pagesGoBackwardsFromTheNewestEventToTheFirst() throws Exception {
        String channel = Numbered.channel("news");
        Numbered.publish(channel, 0, 7);

        List<Integer> found = new ArrayList<>();
        JsonNode page = page(edge, channel, "limit=3");
        assertThat(numbers(page)).containsExactly(6, 5, 4);
        for (; ; page = page(edge, channel, "limit=3&before=" + page.get("next").asText())) {
            found.addAll(numbers(page));
            if (page.get("next").isNull()) {
                break;
            }
        }

        assertThat(found).isEqualTo(range(0, 7).reversed());
    }

    @Test
    void anEventIsAsItIsOnAStreamAndItsIdIsACursorOfTheStream() throws Exception {
        String channel = Numbered.channel("news");
        Numbered.publish(channel, 0, 3);

        JsonNode event =
                page(edge, channel, "after=earliest&limit=1").get("events").get(0);
        SseClient stream = SseClient.open(
                edge.port(),
                "/events?channels=" + channel + "&last_event_id="
                        + event.get("id").asText());

        assertThat(event.get("event").asText()).isEqualTo("note");
        assertThat(event.get("data").get("channel").asText()).isEqualTo(channel);
        assertThat(Numbered.numbers(stream.events(2))).containsExactly(1, 2);
        stream.close();
    }

    @Test
    void aStreamGoesOnAtThePositionOfAPageWithoutHoleOrRepeat() throws Exception {
        String channel = Numbered.channel("news");
        Numbered.publish(channel, 0, 5);

        JsonNode page = page(edge, channel, "limit=2");
        Numbered.publish(channel, 5, 8);
        SseClient stream = SseClient.open(
                edge.port(),
                "/events?channels=" + channel + "&last_event_id="
                        + page.get("position").asText());

        assertThat(numbers(page)).containsExactly(4, 3);
        assertThat(Numbered.numbers(stream.events(3))).containsExactly(5, 6, 7);
        stream.close();
    }

    @Test
    void whatCameBeforeAndAfterACursorOfAStreamIsEverythingOnce() throws Exception {
        String channel = Numbered.channel("news");
        Numbered.publish(channel, 0, 3);
        SseClient stream = SseClient.open(edge.port(), "/events?channels=" + channel);
        String cursor = stream.next("stream.open").id();
        Numbered.publish(channel, 3, 5);

        // A stream is live from where its edge has read, which may be a little behind what was published.
        List<Integer> all =
                new ArrayList<>(numbers(page(edge, channel, "before=" + cursor)).reversed());
        List<Integer> after = numbers(page(edge, channel, "after=" + cursor));
        all.addAll(after);
        assertThat(all).isEqualTo(range(0, 5));
        assertThat(Numbered.numbers(stream.events(after.size()))).isEqualTo(after);
        stream.close();
    }

    @Test
    void aPageOfOneChannelAmongManyEndsWhenEnoughWasReadAndTheNextOnesGoOn() throws Exception {
        // given
        String channel = Numbered.channel("news");
        List<String> neighbours = neighbours(channel, 20);
        Numbered.publish(channel, 0, 2);
        for (int round = 0; round < 5; round++) {
            for (String neighbour : neighbours) {
                TestBroker.shared().publish(neighbour, "note", Numbered.json(1_000));
            }
        }
        Numbered.publish(channel, 2, 4);

        // when
        List<Integer> backwards = new ArrayList<>();
        int pages = 0;
        for (String from = ""; backwards.size() < 4; pages++) {
            JsonNode page = page(small, channel, "limit=4" + from);
            backwards.addAll(numbers(page));
            from = "&before=" + page.get("next").asText();
        }
        JsonNode forwards = page(
                small,
                channel,
                "limit=4&after=" + page(edge, channel, "limit=3").get("next").asText());

        // then
        assertThat(backwards).containsExactly(3, 2, 1, 0);
        assertThat(pages).isGreaterThan(1);
        assertThat(numbers(forwards)).containsExactly(1);
        assertThat(forwards.get("next").isNull()).isFalse();
    }

    @Test
    void eventsThatAreLargerThanAPageComeOneByOne() throws Exception {
        String channel = Numbered.channel("news");
        for (int i = 0; i < 3; i++) {
            TestBroker.shared().publish(channel, "note", "{\"n\":" + i + ",\"pad\":\"" + "x".repeat(9_000) + "\"}");
        }

        JsonNode first = page(small, channel, "");
        JsonNode second = page(small, channel, "before=" + first.get("next").asText());

        assertThat(numbers(first)).containsExactly(2);
        assertThat(numbers(second)).containsExactly(1);
    }

    @Test
    void whatIsNotJsonIsAStringAndOtherEventsAreThere() throws Exception {
        String channel = Numbered.channel("news");
        TestBroker.shared().publish(channel, "no\"te", "{\"n\":");
        TestBroker.shared().publish(channel, "note", "{\n\"n\":1}");

        JsonNode events = page(edge, channel, "").get("events");

        assertThat(events.get(0).get("data").get("data").get("n").asInt()).isEqualTo(1);
        assertThat(events.get(1).get("data").isTextual()).isTrue();
        assertThat(events.get(1).get("data").asText()).contains("\"data\":{\"n\":");
        assertThat(events.get(1).get("event").asText()).isEqualTo("no\"te");
    }

    @Test
    void aChannelWithoutEventsHasAnEmptyPageWithAPosition() throws Exception {
        String channel = Numbered.channel("news");

        JsonNode page = page(edge, channel, "");
        Numbered.publish(channel, 0, 1);

        assertThat(page.get("events").size()).isZero();
        assertThat(numbers(page(edge, channel, "after=" + page.get("position").asText())))
                .containsExactly(0);
    }

    @Test
    void aPositionThatRetentionHasTakenIsToldAsAGap() throws Exception {
        // given
        String channel = Numbered.channel("show");
        Numbered.publish(channel, 0, 5);
        JsonNode page = page(edge, channel, "after=earliest&limit=1000");
        String early = page.get("events").get(1).get("id").asText();
        PartitionPosition third = position(page.get("events").get(2).get("id").asText());

        // when
        TestBroker.shared().deleteRecordsBelow("tailrace.channels.show", third.partition(), third.nextOffset());
        Eventually.holds("the records are gone", () -> page(edge, channel, "after=" + early)
                .has("gap"));
        JsonNode after = page(edge, channel, "after=" + early);
        JsonNode before = page(edge, channel, "before=" + early);

        // then
        assertThat(numbers(after)).containsExactly(3, 4);
        assertThat(after.get("gap").get("to").asLong()).isEqualTo(third.nextOffset());
        assertThat(after.get("gap").get("lost").asLong())
                .isEqualTo(third.nextOffset() - after.get("gap").get("from").asLong());
        assertThat(before.get("events").size()).isZero();
        assertThat(before.get("next").isNull()).isTrue();
        assertThat(before.has("gap")).isTrue();
    }

    @Test
    void cursorsThatTheLogDoesNotReachAreToldAsAReset() throws Exception {
        String channel = Numbered.channel("news");
        Numbered.publish(channel, 0, 2);
        String last = page(edge, channel, "").get("position").asText();

        assertThat(page(edge, channel, "after=" + moved(last, 1_000, 0))
                        .get("reset")
                        .get("reason")
                        .asText())
                .isEqualTo("beyond_end");
        assertThat(page(edge, channel, "after=" + moved(last, 0, 9))
                        .get("reset")
                        .get("reason")
                        .asText())
                .isEqualTo("truncated");
        JsonNode recreated = page(edge, channel, "limit=1000&after=" + ofAnotherTopic(last));
        assertThat(recreated.get("reset").get("reason").asText()).isEqualTo("other_generation");
        assertThat(page(edge, channel, "before=" + ofAnotherTopic(last))
                        .get("events")
                        .size())
                .isZero();
    }

    @Test
    void badRequestsAreToldWhatIsWrong() throws Exception {
        String channel = Numbered.channel("news");
        String cursor = page(edge, channel, "").get("position").asText();
        String other = page(edge, neighbours(channel, 1).getFirst(), "")
                .get("position")
                .asText();

        assertProblem(channel, "limit=0", NO_TOKEN, 400, "validation", "limit");
        assertProblem(channel, "limit=1001", NO_TOKEN, 400, "validation", "limit");
        assertProblem(channel, "limit=many", NO_TOKEN, 400, "validation", "limit");
        assertProblem(channel, "after=" + cursor + "&before=" + cursor, NO_TOKEN, 400, "validation", "before");
        assertProblem(channel, "after=nonsense", NO_TOKEN, 400, "invalid-cursor", "after");
        assertProblem(channel, "before=", NO_TOKEN, 400, "invalid-cursor", "before");
        assertProblem(channel, "before=" + other, NO_TOKEN, 400, "invalid-cursor", "not made for this channel");
        assertProblem("news:!", "", NO_TOKEN, 400, "validation", "channel");
        assertProblem("nothing:1", "", NO_TOKEN, 404, "undeclared-namespace", "nothing");
    }

    @Test
    void whileTooMuchIsOnItsWayToClientsARequestIsToldToComeBack() throws Exception {
        // given
        String channel = Numbered.channel("news");
        TestBroker.shared().publish(channel, "note", "{\"text\":\"" + "x".repeat(3_000) + "\"}");
        History history = small.part(History.class);
        Eventually.holds(
                "the clients of before have their pages",
                () -> small.part(MeterRegistry.class)
                                .get("tailrace.edge.history.held.bytes")
                                .gauge()
                                .value()
                        == 0);

        // when clients do not take what they have asked for
        List<History.Held> held = new ArrayList<>();
        while (held.stream().mapToLong(History.Held::bytes).sum() < HELD_BYTES) {
            held.add(history.page(newest(channel)).toCompletableFuture().get(60, TimeUnit.SECONDS));
        }
        HttpResponse<String> refused = get(small, channel, "", NO_TOKEN);
        held.forEach(history::release);

        // then
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.body()).contains("problems/unavailable", "as many pages of events as it may");
        assertThat(page(small, channel, "").get("events").size()).isEqualTo(1);
    }

    @Test
    void onlyWhoeverMayReadTheChannelGetsItsPages() throws Exception {
        String channel = "logs:" + Numbered.channel("w").substring(2) + ":1";
        Numbered.publish(channel, 0, 1);

        assertProblem(channel, "", NO_TOKEN, 401, "unauthorized", "");
        assertProblem(channel, "", TestTokens.token("42", Duration.ofMinutes(1), "logs:other:*"), 403, "forbidden", "");
        assertProblem(channel, "", TestTokens.expired(channel), 401, "unauthorized", "");
        HttpResponse<String> allowed =
                get(edge, channel, "", TestTokens.token("42", Duration.ofMinutes(1), "logs:*:*"));
        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(allowed.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(numbers(Json.mapper().readTree(allowed.body()))).containsExactly(0);
    }

    private void assertProblem(String channel, String query, String token, int status, String type, String detail)
            throws Exception {
        HttpResponse<String> answer = get(edge, channel, query, token);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(answer.body()).contains("problems/" + type, detail);
    }

    private HttpResponse<String> get(RunningEdge from, String channel, String query, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + from.port() + "/channels/" + channel + "/events?" + query))
                .timeout(Duration.ofSeconds(60));
        if (!token.equals(NO_TOKEN)) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static PageRequest newest(String channel) {
        Channel name = new Channel(channel);
        Namespace namespace = Namespaces.builtIn().of(name).orElseThrow();
        PartitionId partition = new PartitionId(namespace.number(), name.partition(namespace.partitions()));
        return new PageRequest(name, partition, Direction.BACKWARDS, new Start.Live(), 10);
    }

    /** Channels in the same partition. */
    private static List<String> neighbours(String channel, int count) {
        int partitions =
                Namespaces.builtIn().of(new Channel(channel)).orElseThrow().partitions();
        int partition = new Channel(channel).partition(partitions);
        return Stream.generate(() -> Numbered.channel("news"))
                .filter(name -> new Channel(name).partition(partitions) == partition)
                .limit(count)
                .toList();
    }

    private static TopicPosition topic(String cursor) {
        return ((Decoded) CursorCodec.decode(cursor)).cursor().topics().getFirst();
    }

    private static PartitionPosition position(String cursor) {
        return topic(cursor).partitions().getFirst();
    }

    private static String moved(String cursor, long offsets, int epochs) {
        PartitionPosition at = position(cursor);
        PartitionPosition moved = new PartitionPosition(
                at.partition(), at.nextOffset() + offsets, at.leaderEpoch() + epochs, at.members(), at.lagging());
        TopicPosition topic = topic(cursor);
        return CursorCodec.encode(
                new Cursor(List.of(new TopicPosition(topic.namespace(), topic.generation(), List.of(moved)))));
    }

    private static String ofAnotherTopic(String cursor) {
        TopicPosition topic = topic(cursor);
        return CursorCodec.encode(new Cursor(List.of(new TopicPosition(
                topic.namespace(), new Generation(topic.generation().bits() ^ 1), topic.partitions()))));
    }
}
