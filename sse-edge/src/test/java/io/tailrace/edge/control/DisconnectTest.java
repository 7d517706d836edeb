package io.tailrace.edge.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.topic.Topics;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.testing.TestTokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /admin/connections/{connection_id}/disconnect} and {@code POST /admin/subjects/{sub}/disconnect}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class DisconnectTest {
    private static final Pattern CONNECTION_ID = Pattern.compile("\"connection_id\":\"([^\"]+)\"");
    private static final String CLOSING = "{\"reason\":\"admin\",\"reconnect\":true}";

    private final TestBroker broker = TestBroker.shared();
    private final RunningEdge edge = RunningEdge.start();
    private final RunningEdge other = RunningEdge.start();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String admin = TestTokens.tokenOf("root", "admin");

    @AfterAll
    void stop() {
        http.close();
        edge.close();
        other.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAdministratorEndsAStreamOnWhicheverEdge(boolean elsewhere) throws Exception {
        // given
        String channel = Numbered.channel("news");
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + channel);
        SseClient neighbour = SseClient.open(edge.port(), "/events?channels=" + channel);
        String id = connectionId(client);

        // when
        int status = post(elsewhere ? other : edge, "/admin/connections/" + id + "/disconnect", admin);

        // then
        assertThat(status).isEqualTo(202);
        assertThat(client.next("stream.closing").data()).isEqualTo(CLOSING);
        client.awaitEnd();
        broker.publish(channel, "note", "{\"n\":1}");
        assertThat(Numbered.numbers(neighbour.events(1))).containsExactly(1);
        neighbour.close();
    }

    @Test
    void allStreamsOfASubjectEndOnAllEdgesAndNobodyElses() throws Exception {
        // given
        String channel = "logs:w1:" + UUID.randomUUID();
        String subject = "agent " + UUID.randomUUID();
        SseClient first = open(edge, channel, subject);
        SseClient second = open(other, channel, subject);
        SseClient stranger = open(edge, channel, "agent " + UUID.randomUUID());

        // when
        int status = post(edge, "/admin/subjects/" + subject.replace(" ", "%20") + "/disconnect", admin);

        // then
        assertThat(status).isEqualTo(202);
        assertThat(first.next("stream.closing").data()).isEqualTo(CLOSING);
        assertThat(second.next("stream.closing").data()).isEqualTo(CLOSING);
        broker.publish(channel, "note", "{\"n\":1}");
        assertThat(Numbered.numbers(stranger.events(1))).containsExactly(1);
        first.close();
        second.close();
        stranger.close();
    }

    @Test
    void theStreamsOfSomebodyWhoIsErasedEndAndTheirTokenAndCursorOpenNoOther() throws Exception {
        // given
        String channel = "logs:w1:" + UUID.randomUUID();
        String person = UUID.randomUUID().toString();
        SseClient client = open(edge, channel, person);
        SseClient stranger = open(edge, channel, "agent " + UUID.randomUUID());

        // when
        broker.producer()
                .send(new ProducerRecord<>(Topics.USERS, person.getBytes(StandardCharsets.UTF_8), null))
                .get();

        // then
        assertThat(client.next("stream.closing").data()).isEqualTo(CLOSING);
        String cursor = client.lastEventId();
        assertThat(cursor).isNotEmpty();
        String token = TestTokens.token(person, Duration.ofMinutes(1), "logs:w1:*");
        String stream = "/events?channels=" + channel;
        assertThat(get(stream, token, "")).isEqualTo(401);
        assertThat(get(stream, token, cursor)).isEqualTo(401);
        assertThat(get("/channels/" + channel + "/events?after=" + cursor, token, ""))
                .isEqualTo(401);
        String others = TestTokens.token(UUID.randomUUID().toString(), Duration.ofMinutes(1), "logs:w2:*");
        assertThat(get(stream, others, cursor)).isEqualTo(403);
        broker.publish(channel, "note", "{\"n\":1}");
        assertThat(Numbered.numbers(stranger.events(1))).containsExactly(1);
        client.close();
        stranger.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/admin/connections/0196b6a4-0000-7000-8000-000000000000/disconnect, 202",
        "/admin/connections/1/disconnect, 400",
        "/admin/connections/0196B6A4-0000-7000-8000-000000000000/disconnect, 400",
        "/admin/subjects/nobody/disconnect, 202",
        "/admin/subjects/%20/disconnect, 400",
        "/admin/subjects/a%0Ab/disconnect, 400",
    })
    void whatIsNamedIsCheckedForFormOnly(String path, int status) throws Exception {
        assertThat(post(edge, path, admin)).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/connections/0196b6a4-0000-7000-8000-000000000000/disconnect",
                "/admin/subjects/nobody/disconnect"
            })
    void nobodyElseEndsStreams(String path) throws Exception {
        assertThat(post(edge, path, "")).isEqualTo(401);
        assertThat(post(edge, path, TestTokens.token("42", Duration.ofMinutes(1), "**")))
                .isEqualTo(403);
    }

    @Test
    void aSubjectOf129CharactersIsNone() throws Exception {
        assertThat(post(edge, "/admin/subjects/" + "x".repeat(129) + "/disconnect", admin))
                .isEqualTo(400);
    }

    private static SseClient open(RunningEdge at, String channel, String subject) {
        SseClient client = SseClient.open(
                at.port(),
                "/events?channels=" + channel,
                "Authorization: Bearer " + TestTokens.token(subject, Duration.ofMinutes(1), "logs:w1:*"));
        client.next("stream.open");
        return client;
    }

    private static String connectionId(SseClient client) {
        Matcher matcher = CONNECTION_ID.matcher(client.next("stream.open").data());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private int get(String target, String token, String cursor) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + target))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token);
        if (!cursor.isEmpty()) {
            request.header("Last-Event-ID", cursor);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private int post(RunningEdge to, String path, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path))
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }
}
