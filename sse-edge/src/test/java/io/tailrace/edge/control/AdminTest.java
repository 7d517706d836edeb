package io.tailrace.edge.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.TestTokens;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code GET /admin/connections} and {@code GET /admin/channels}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class AdminTest {
    private static final Pattern CONNECTION_ID = Pattern.compile("\"connection_id\":\"([^\"]+)\"");
    private static final String NO_TOKEN = "";

    private final RunningEdge edge = RunningEdge.start();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterAll
    void stop() {
        http.close();
        edge.close();
    }

    @Test
    void operatorsSeeStreamsPageByPage() throws Exception {
        // given
        String channel = Numbered.channel("news");
        SseClient first = SseClient.open(edge.port(), "/events?channels=" + channel);
        SseClient second = SseClient.open(edge.port(), "/events?channels=" + channel);
        String firstId = connectionId(first);
        String secondId = connectionId(second);
        String admin = TestTokens.tokenOf("root", "admin");

        // when
        HttpResponse<String> page = get(edge, "/admin/connections?limit=1&after=" + before(firstId), admin);
        HttpResponse<String> next = get(edge, "/admin/connections?limit=1000&after=" + firstId, admin);

        // then
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains(
                        "\"connection_id\":\"" + firstId,
                        "\"channels\":[\"" + channel + "\"]",
                        "\"state\":\"",
                        "127.0.0.1",
                        "\"next\":\"" + firstId + "\"");
        assertThat(next.body()).contains(secondId).doesNotContain(firstId);
        first.close();
        Eventually.holds(
                "the stream is gone",
                () -> !get(edge, "/admin/connections?limit=1000", admin).body().contains(firstId));
        second.close();
    }

    @Test
    void operatorsSeeTheChannelsThatAreReadPageByPage() throws Exception {
        // given
        String channel = Numbered.channel("news");
        SseClient first = SseClient.open(edge.port(), "/events?channels=" + channel);
        SseClient second = SseClient.open(edge.port(), "/events?channels=" + channel + "," + channel + ":z");
        connectionId(first);
        connectionId(second);
        String admin = TestTokens.tokenOf("root", "admin");

        // when
        String page = "/admin/channels?limit=1&after=" + before(channel);

        // then
        Eventually.holds("both are live", () -> get(edge, page, admin).body().contains("\"live\":2"));
        assertThat(get(edge, page, admin).body())
                .contains(
                        "\"channel\":\"" + channel + "\"",
                        "\"available\":true",
                        "\"subscribers\":2",
                        "\"behind\":0",
                        "\"next\":\"" + channel + "\"");
        assertThat(get(edge, "/admin/channels?limit=1&after=" + channel, admin).body())
                .contains("\"channel\":\"" + channel + ":z\"", "\"subscribers\":1");
        first.close();
        second.close();
        Eventually.holds(
                "the channel is gone",
                () -> !get(edge, page, admin).body().contains("\"channel\":\"" + channel + "\""));
    }

    @Test
    void operatorsFindStreamsByIdSubjectAndAddress() throws Exception {
        // given two streams, one of somebody
        String channel = Numbered.channel("news");
        String subject = "Found-" + channel.substring(channel.indexOf(':') + 1);
        SseClient hers = SseClient.open(
                edge.port(),
                "/events?channels=" + channel,
                "Authorization: Bearer " + TestTokens.token(subject, Duration.ofMinutes(1)));
        SseClient nobodys = SseClient.open(edge.port(), "/events?channels=" + channel);
        String hersId = connectionId(hers);
        String nobodysId = connectionId(nobodys);
        String admin = TestTokens.tokenOf("root", "admin");

        // when they are looked for
        String bySubject = get(edge, "/admin/connections?q=" + subject.toLowerCase(Locale.ROOT), admin)
                .body();
        String byId = get(edge, "/admin/connections?q=" + nobodysId.substring(9), admin)
                .body();
        String byAddress =
                get(edge, "/admin/connections?limit=1000&q=127.0.0.1", admin).body();

        // then each is found by what it is known by
        assertThat(bySubject).contains(hersId).doesNotContain(nobodysId);
        assertThat(byId).contains(nobodysId).doesNotContain(hersId);
        assertThat(byAddress).contains(hersId, nobodysId);
        assertThat(get(edge, "/admin/connections?q=no-such-thing", admin).body())
                .contains("\"connections\":[]", "\"next\":null");
        assertThat(get(edge, "/admin/connections?q=" + "x".repeat(201), admin).statusCode())
                .isEqualTo(400);
        hers.close();
        nobodys.close();
    }

    @Test
    void operatorsSeeHowManyEventsOfAChannelHaveCome() throws Exception {
        // given a channel that is read, and its neighbour
        String channel = Numbered.channel("news");
        SseClient reader = SseClient.open(edge.port(), "/events?channels=" + channel + "," + channel + ":z");
        connectionId(reader);
        String admin = TestTokens.tokenOf("root", "admin");
        String page = "/admin/channels?q=" + channel;
        // The first by name is the channel itself.
        Eventually.holds(
                "it is live", () -> get(edge, page + "&limit=1", admin).body().contains("\"live\":1"));

        // when three events come on it
        Numbered.publish(channel, 0, 3);

        // then they are counted, and none of them for the other channel
        Pattern counts = Pattern.compile(
                "\"channel\":\"" + channel + "\".*?\"events\":3.*\"channel\":\"" + channel + ":z\".*?\"events\":0");
        Eventually.holds(
                "three events are counted",
                () -> counts.matcher(get(edge, page, admin).body()).find());
        assertThat(get(edge, "/admin/channels?q=no-such-channel", admin).body()).contains("\"channels\":[]");
        assertThat(get(edge, "/admin/channels?q=" + "x".repeat(201), admin).statusCode())
                .isEqualTo(400);
        reader.close();
    }

    @Test
    void operatorsSeeTheNamespacesAndWhichEdgeAnswers() throws Exception {
        String admin = TestTokens.tokenOf("root", "admin");
        String node = "\"node\":\"";

        String namespaces = get(edge, "/admin/namespaces", admin).body();

        assertThat(namespaces)
                .contains(
                        "\"name\":\"metrics\"",
                        "\"retention_seconds\":86400",
                        "\"subscribe\":\"public\"",
                        "\"nested_subscribe\":\"grant\"",
                        "\"start\":\"live\"");
        assertThat(namespaces).contains(node, "/" + ProcessHandle.current().pid() + "\"");
        assertThat(get(edge, "/admin/connections", admin).body()).contains(node);
        assertThat(get(edge, "/admin/channels", admin).body()).contains(node);
    }

    @Test
    void nobodyElseSeesThem() throws Exception {
        assertThat(get(edge, "/admin/connections", NO_TOKEN).statusCode()).isEqualTo(401);
        assertThat(get(edge, "/admin/channels", NO_TOKEN).statusCode()).isEqualTo(401);
        assertThat(get(edge, "/admin/namespaces", NO_TOKEN).statusCode()).isEqualTo(401);
        assertThat(get(edge, "/admin/namespaces", TestTokens.token("42", Duration.ofMinutes(1)))
                        .statusCode())
                .isEqualTo(403);
        assertThat(get(edge, "/admin/channels", TestTokens.token("42", Duration.ofMinutes(1)))
                        .statusCode())
                .isEqualTo(403);
        assertThat(get(edge, "/admin/connections", TestTokens.token("42", Duration.ofMinutes(1)))
                        .statusCode())
                .isEqualTo(403);
        assertThat(get(edge, "/admin/connections?limit=0", TestTokens.tokenOf("root", "admin"))
                        .statusCode())
                .isEqualTo(400);
    }

    /** Sorts just before an id; encoded, because before an a there is a backtick. */
    private static String before(String id) {
        char last = id.charAt(id.length() - 1);
        String rest = id.substring(0, id.length() - 1);
        return URLEncoder.encode(last == '0' ? rest : rest + (char) (last - 1), StandardCharsets.UTF_8);
    }

    private static String connectionId(SseClient client) {
        Matcher matcher = CONNECTION_ID.matcher(client.next("stream.open").data());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
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
