package io.tailrace.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class PublishBadInputTest {
    /** A read that blocks is not ended by the time limit of a test. */
    private static final int END_TIMEOUT_MS = 60_000;

    private final String room = "chat:" + UUID.randomUUID();
    private final String path = "/channels/" + room + "/events";
    private final Http publisher = TestIngest.shared().with(TestKeys.shared().publisher("chat:*"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"type\": \"said\", \"data\": 1",
                "{\"type\": \"said\", \"data\": 1} trailing",
                "{\"type\": \"said\", \"data\": 1, \"data\": 2}",
                "{'type': 'said', 'data': 1}",
                "{\"type\": \"said\", \"data\": NaN}",
                "{\"type\": \"said\", \"data\": \"\\ud800\"}",
                "{\"type\": \"said\", \"data\": \"\\u0000\"}",
                "{\"type\": \"said\", \"data\": \"raw\nline\"}",
            })
    void what_is_not_json_is_400(String body) {
        Http.Answer answer = publisher.post(path, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("malformed-json");
        assertThat(PublishTest.records(room)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"data\": 1} | type",
                "{\"type\": \"said\"} | data",
                "{\"type\": \"said\", \"data\": 1, \"extra\": 2} | extra",
                "{\"type\": 5, \"data\": 1} | type",
                "{\"type\": \"\", \"data\": 1} | type",
                "{\"type\": \"two words\", \"data\": 1} | type",
                "{\"type\": \"a\\r\\nb\", \"data\": 1} | type",
                "{\"type\": \"a\\nid: 1\", \"data\": 1} | type",
                "{\"type\": \"stream.open\", \"data\": 1} | type",
                "{\"type\": \"error\", \"data\": 1} | type",
                "{\"type\": \"message\", \"data\": 1} | type",
                "[{\"type\": \"a\", \"data\": 1}, {\"type\": \"open\", \"data\": 1}] | [1].type",
                "{\"type\": \"said\", \"data\": 1, \"id\": \"\"} | id",
                "{\"type\": \"said\", \"data\": 1, \"id\": \"a b\"} | id",
                "{\"type\": \"said\", \"data\": 1, \"id\": \"a\\nb\"} | id",
                "{\"type\": \"said\", \"data\": 1, \"id\": \"é\"} | id",
                "{\"type\": \"said\", \"data\": 1, \"id\": 7} | id",
                "[{\"type\": \"said\", \"data\": 1}, {\"type\": \"said\"}] | [1].data",
                "[{\"type\": \"a\", \"data\": 1, \"id\": \"x\"}, {\"type\": \"a\", \"data\": 1, \"id\": \"x\"}] |"
                        + " [1].id",
                "[1] | [0]",
                "\"text\" | body",
                "[] | events",
            })
    void what_is_not_an_event_is_400_and_says_where(String body, String field) {
        Http.Answer answer = publisher.post(path, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("validation");
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly(field);
        assertThat(PublishTest.records(room)).isEmpty();
    }

    @Test
    void invalid_utf_8_is_400() {
        byte[] body = "{\"type\": \"said\", \"data\": \"?\"}".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < body.length; i++) {
            body[i] = body[i] == '?' ? (byte) 0xff : body[i];
        }

        Http.Answer answer = publisher.send("POST", path, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("malformed-json");
    }

    @Test
    void more_events_than_allowed_are_400() {
        String events = IntStream.range(0, 501)
                .mapToObj(i -> "{\"type\": \"counted\", \"data\": " + i + "}")
                .collect(Collectors.joining(",", "[", "]"));

        Http.Answer answer = publisher.post(path, events);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().at("/errors/0/message").asText()).contains("501", "500");
    }

    @Test
    void an_event_larger_than_a_record_is_413_and_nothing_of_its_request_is_published() {
        String large = "[\"" + "x".repeat(800_000) + "\",\"" + "y".repeat(400_000) + "\"]";

        Http.Answer answer = publisher.post(
                path, "[{\"type\": \"said\", \"data\": 1}, {\"type\": \"said\", \"data\": " + large + "}]");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.problem()).isEqualTo("payload-too-large");
        assertThat(PublishTest.records(room)).isEmpty();
    }

    @Test
    void an_event_of_nearly_a_record_is_published() {
        String large = "[\"" + "x".repeat(900_000) + "\",\"" + "y".repeat(140_000) + "\"]";

        Http.Answer answer = publisher.post(path, "{\"type\": \"said\", \"data\": " + large + "}");

        assertThat(answer.status()).isEqualTo(202);
    }

    @Test
    void a_body_over_10_mib_is_413() {
        Http.Answer answer = publisher.post(path, "{\"type\": \"said\", \"data\": \"" + "x".repeat(11 << 20) + "\"}");

        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void another_content_type_is_415() {
        Http.Answer answer = publisher
                .header("Content-Type", "text/plain")
                .send("POST", path, "{\"type\": \"said\", \"data\": 1}".getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Chat:1", "chat:a%20b", "chat:%0d%0a", "chat:%00", "chat:", "chat::1", "chat:a%2Fb"})
    void a_name_that_no_channel_has_is_400(String name) {
        Http.Answer answer = publisher.post("/channels/" + name + "/events", "{\"type\": \"said\", \"data\": 1}");

        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void a_client_that_sends_a_byte_at_a_time_is_cut_off_and_others_do_not_notice() throws Exception {
        Map<String, Object> impatient =
                Map.of("tailrace.http.request-timeout", "1s", "tailrace.http.head-timeout", "1s");
        try (TestIngest server = TestIngest.start(impatient);
                Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(END_TIMEOUT_MS);
            CountDownLatch ended = new CountDownLatch(1);
            String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Authorization: Bearer " + TestKeys.shared().publisher("chat:*")
                    + "\r\nContent-Length: 1000000\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            Thread dripping = Thread.ofVirtual().start(() -> drip(socket, ended));

            Http.Answer other =
                    server.with(TestKeys.shared().publisher("chat:*")).post(path, "{\"type\": \"said\", \"data\": 1}");
            String answer = readToEnd(socket);
            ended.countDown();
            Eventually.ends("the client ends", dripping);

            assertThat(other.status()).isEqualTo(202);
            assertThat(answer).satisfiesAnyOf(a -> assertThat(a).isEmpty(), a -> assertThat(a)
                    .startsWith("HTTP/1.1 408"));
        }
    }

    private static void drip(Socket socket, CountDownLatch ended) {
        try {
            OutputStream out = socket.getOutputStream();
            while (!ended.await(50, TimeUnit.MILLISECONDS)) {
                out.write(' ');
                out.flush();
            }
        } catch (IOException | InterruptedException e) {
            // The server has had enough.
        }
    }

    private static String readToEnd(Socket socket) {
        StringBuilder text = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                text.append((char) b);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("not cut off within " + END_TIMEOUT_MS + " ms; got: " + text, e);
        } catch (IOException e) {
            // A reset is an end as well.
        }
        return text.toString();
    }
}
