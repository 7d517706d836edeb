package io.tailrace.edge.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.SseMessages.Message;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.testing.TestTokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code PATCH /events/{connection_id}}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class ChangeTest {
    private static final Pattern CONNECTION_ID = Pattern.compile("\"connection_id\":\"([^\"]+)\"");
    private static final String NO_TOKEN = "";

    private final TestBroker broker = TestBroker.shared();
    private final RunningEdge edge = RunningEdge.start();
    private final RunningEdge other = RunningEdge.start();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterAll
    void stop() {
        http.close();
        edge.close();
        other.close();
    }

    @Test
    void addsAndRemovesChannelsAndTellsTheOutcomeOnTheStream() throws Exception {
        // given
        String first = Numbered.channel("news");
        String second = Numbered.channel("news");
        Numbered.publish(second, 0, 3);
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + first);
        String id = connectionId(client);

        // when
        int status = patch(
                edge,
                id,
                NO_TOKEN,
                "{\"add\":[{\"channel\":\"" + second
                        + "\",\"start\":\"last:2\"},{\"channel\":\"feed:42\"},{\"channel\":\"nowhere:1\"}],\"remove\":[\""
                        + first + "\"]}");

        // then
        assertThat(status).isEqualTo(202);
        Message told = client.next("stream.channels");
        assertThat(told.data())
                .contains(
                        "\"removed\":[{\"channel\":\"" + first,
                        "\"added\":[{\"channel\":\"" + second,
                        "{\"channel\":\"feed:42\",\"reason\":\"forbidden\"}",
                        "{\"channel\":\"nowhere:1\",\"reason\":\"undeclared\"}");
        broker.publish(first, "note", "{\"n\":99}");
        Numbered.publish(second, 3, 5);
        assertThat(Numbered.numbers(client.events(4))).containsExactly(1, 2, 3, 4);
        client.close();
    }

    @Test
    void reachesAStreamOfAnotherEdge() throws Exception {
        // given
        String first = Numbered.channel("news");
        String second = Numbered.channel("news");
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + first);
        String id = connectionId(client);

        // when
        int status = patch(other, id, NO_TOKEN, "{\"add\":[{\"channel\":\"" + second + "\"}]}");

        // then
        assertThat(status).isEqualTo(202);
        String told = client.next("stream.channels").data();
        assertThat(told).contains("\"added\":[{\"channel\":\"" + second);
        if (told.contains("pending")) {
            // Its partition was not read here before: live begins when the stream says where.
            assertThat(client.next("stream.channels").data()).contains("\"available\":[{\"channel\":\"" + second);
        }
        broker.publish(second, "note", "{\"n\":1}");
        assertThat(Numbered.numbers(client.events(1))).containsExactly(1);
        client.close();
    }

    @Test
    void aNewTokenProlongsTheStreamAndWhatItDoesNotAllowEndsAlone() throws Exception {
        // given
        String kept = "logs:w1:" + UUID.randomUUID();
        String lost = "logs:w2:" + UUID.randomUUID();
        String old = TestTokens.token("42", Duration.ofSeconds(8), "logs:w1:*", "logs:w2:*");
        SseClient client =
                SseClient.open(edge.port(), "/events?channels=" + kept + "," + lost, "Authorization: Bearer " + old);
        String id = connectionId(client);

        // when
        String renewed = TestTokens.token("42", Duration.ofSeconds(60), "logs:w1:*");
        int status = patch(other, id, renewed, "{}");

        // then
        assertThat(status).isEqualTo(202);
        assertThat(client.next("stream.channels").data())
                .contains("\"removed\":[{\"channel\":\"" + lost + "\",\"reason\":\"access_revoked\"}]");
        // The old token's end passes meanwhile, and heartbeats tell the time without a look at the clock.
        int heartbeats = client.comments() + 6;
        Eventually.holds("heartbeats", () -> client.comments() >= heartbeats);
        broker.publish(lost, "note", "{\"n\":1}");
        broker.publish(kept, "note", "{\"n\":2}");
        assertThat(Numbered.numbers(client.events(1))).containsExactly(2);
        client.close();
    }

    @Test
    void aStreamOfSomebodyElseIsNotFound() throws Exception {
        // given
        String channel = "logs:w1:" + UUID.randomUUID();
        SseClient client = SseClient.open(
                edge.port(),
                "/events?channels=" + channel,
                "Authorization: Bearer " + TestTokens.token("42", Duration.ofSeconds(60), "logs:w1:*"));
        String id = connectionId(client);
        String foreign = TestTokens.token("43", Duration.ofSeconds(60), "logs:w1:*");

        // when
        int anonymous = patch(edge, id, NO_TOKEN, "{\"remove\":[\"" + channel + "\"]}");
        int stranger = patch(edge, id, foreign, "{\"remove\":[\"" + channel + "\"]}");
        int elsewhere = patch(other, id, foreign, "{\"remove\":[\"" + channel + "\"]}");

        // then
        assertThat(List.of(anonymous, stranger, elsewhere)).containsExactly(404, 404, 202);
        broker.publish(channel, "note", "{\"n\":1}");
        assertThat(Numbered.numbers(client.events(1))).containsExactly(1);
        assertThat(client.taken()).noneMatch(message -> message.event().equals("stream.channels"));
        client.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"add\":[{\"channel\":\"NEWS\"}]}",
                "{\"add\":[{\"channel\":\"news\",\"start\":\"yesterday\"}]}",
                "{\"add\":[{\"start\":\"live\"}]}",
                "{\"add\":[null]}",
                "{\"add\":\"news\"}",
                "{\"remove\":[\"a\\r\\nb\"]}",
                "{\"remove\":[1]}",
                "{\"swap\":[]}",
                "[]",
                "{"
            })
    void whatIsNotAChangeIs400(String body) throws Exception {
        assertThat(patch(edge, UUID.randomUUID().toString(), NO_TOKEN, body)).isEqualTo(400);
    }

    @Test
    void anIdThatIsNoneIs400AndTooManyChannelsAreToo() throws Exception {
        String many = "\"news\",".repeat(1_001);

        assertThat(patch(edge, "1", NO_TOKEN, "{}")).isEqualTo(400);
        assertThat(patch(
                        edge,
                        UUID.randomUUID().toString(),
                        NO_TOKEN,
                        "{\"remove\":[" + many.substring(0, many.length() - 1) + "]}"))
                .isEqualTo(400);
    }

    @Test
    void anAddedChannelIsReplayedWhileTheOthersGoOn() throws Exception {
        // given
        String first = Numbered.channel("news");
        String second = Numbered.channel("news");
        Numbered.publish(second, 100, 150);
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + first);
        String id = connectionId(client);
        Numbered.publish(first, 0, 5);

        // when
        int status = patch(edge, id, NO_TOKEN, "{\"add\":[{\"channel\":\"" + second + "\",\"start\":\"earliest\"}]}");
        Numbered.publish(first, 5, 10);

        // then
        assertThat(status).isEqualTo(202);
        List<Integer> all = Numbered.numbers(client.events(60));
        assertThat(all.stream().filter(n -> n < 100)).containsExactlyElementsOf(Numbered.range(0, 10));
        assertThat(all.stream().filter(n -> n >= 100)).containsExactlyElementsOf(Numbered.range(100, 150));
        client.close();
    }

    @Test
    void changesOfOneStreamAreMadeInTheOrderOfTheirAnswersWhicheverEdgeReceivesThem() throws Exception {
        // given
        String kept = Numbered.channel("news");
        String second = Numbered.channel("news");
        Numbered.publish(second, 0, 3);
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + kept);
        String id = connectionId(client);
        String add = "{\"add\":[{\"channel\":\"" + second + "\",\"start\":\"last:2\"}]}";
        String remove = "{\"remove\":[\"" + second + "\"]}";
        List<RunningEdge> receivers = List.of(other, other, other, edge, edge, other, edge, edge);

        // when
        for (int i = 0; i < receivers.size(); i++) {
            assertThat(patch(receivers.get(i), id, NO_TOKEN, i % 2 == 0 ? add : remove))
                    .isEqualTo(202);
        }
        String last = Numbered.channel("news");
        patch(other, id, NO_TOKEN, "{\"add\":[{\"channel\":\"" + last + "\"}]}");

        // then
        Eventually.holds(
                "the last change is told",
                () -> client.taken().stream().anyMatch(m -> m.data().contains(last))
                        || client.next("stream.channels").data().contains(last));
        assertThat(get(edge, "/admin/connections?limit=1000", TestTokens.tokenOf("root", "admin"))
                        .body())
                .doesNotContain(second)
                .contains(kept, last);
        client.close();
    }

    @Test
    void anOlderTokenDoesNotOvertakeANewerOne() throws Exception {
        // given
        String kept = "logs:w1:" + UUID.randomUUID();
        String back = "logs:w2:" + UUID.randomUUID();
        String broad = TestTokens.token("42", Duration.ofSeconds(60), "logs:w1:*", "logs:w2:*");
        String narrow = TestTokens.token("42", Duration.ofSeconds(60), "logs:w1:*");
        SseClient client =
                SseClient.open(edge.port(), "/events?channels=" + kept + "," + back, "Authorization: Bearer " + broad);
        String id = connectionId(client);

        // when
        int narrowed = patch(other, id, narrow, "{}");
        int widened = patch(edge, id, broad, "{\"add\":[{\"channel\":\"" + back + "\"}]}");
        String told = client.next("stream.channels").data();
        while (!told.contains("\"added\":[{\"channel\":\"" + back)) {
            told = client.next("stream.channels").data();
        }

        // then
        assertThat(List.of(narrowed, widened)).containsOnly(202);
        broker.publish(back, "note", "{\"n\":7}");
        assertThat(Numbered.numbers(client.events(1))).containsExactly(7);
        client.close();
    }

    @Test
    void whatCouldNotBeFoundInTimeIsRefusedOnTheStreamAndHoldsUpNothingElse() throws Exception {
        // given
        String first = Numbered.channel("news");
        String lost = Numbered.channel("show");
        String second = Numbered.channel("news");
        try (RunningEdge hasty = RunningEdge.start(Map.of("tailrace.edge.stream.change-timeout", "1ms"))) {
            SseClient client = SseClient.open(hasty.port(), "/events?channels=" + first);
            String id = connectionId(client);

            // when
            int status = patch(
                    edge,
                    id,
                    NO_TOKEN,
                    "{\"add\":[{\"channel\":\"" + lost + "\",\"start\":\"last:5\"},{\"channel\":\"" + second + "\"}]}");
            int next = patch(edge, id, NO_TOKEN, "{\"remove\":[\"" + first + "\"]}");

            // then
            assertThat(List.of(status, next)).containsOnly(202);
            String told = client.next("stream.channels").data();
            while (!told.contains("\"removed\":[{\"channel\":\"" + first)) {
                told += client.next("stream.channels").data();
            }
            assertThat(told)
                    .contains(
                            "\"added\":[{\"channel\":\"" + second,
                            "{\"channel\":\"" + lost + "\",\"reason\":\"unavailable\"}");
            client.close();
        }
    }

    @Test
    void aChangeMayAddAThousandChannelsAndNoMoreThanTheSettingSays() throws Exception {
        // given
        String first = Numbered.channel("news");
        String added = IntStream.range(0, 1_000)
                .mapToObj(i -> "{\"channel\":\"" + first + ":" + i + "\",\"start\":\"earliest\"}")
                .collect(Collectors.joining(","));
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + first);
        String id = connectionId(client);

        // when
        int status = patch(edge, id, NO_TOKEN, "{\"add\":[" + added + "]}");
        int oneMore = patch(edge, id, NO_TOKEN, "{\"add\":[{\"channel\":\"news\"}," + added + "]}");

        // then
        assertThat(List.of(status, oneMore)).containsExactly(202, 400);
        assertThat(client.next("stream.channels").data())
                .contains("{\"channel\":\"" + first + ":998\",\"start\"")
                .endsWith("\"refused\":[{\"channel\":\"" + first + ":999\",\"reason\":\"too_many_channels\"}]}");
        Numbered.publish(first + ":998", 0, 2);
        Numbered.publish(first, 2, 4);
        assertThat(Numbered.numbers(client.events(4))).containsExactlyInAnyOrder(0, 1, 2, 3);
        client.close();
    }

    private static String connectionId(SseClient client) {
        Matcher matcher = CONNECTION_ID.matcher(client.next("stream.open").data());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private int patch(RunningEdge to, String id, String token, String body) throws Exception {
        HttpRequest.Builder request = request(to, "/events/" + id, token)
                .header("Content-Type", "application/json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private HttpResponse<String> get(RunningEdge from, String path, String token) throws Exception {
        return http.send(request(from, path, token).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(RunningEdge to, String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path))
                .timeout(Duration.ofSeconds(60));
        return token.equals(NO_TOKEN) ? request : request.header("Authorization", "Bearer " + token);
    }
}
