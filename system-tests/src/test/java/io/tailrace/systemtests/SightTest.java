package io.tailrace.systemtests;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.SpanReceiver;
import io.tailrace.systemtests.client.SpanReceiver.Received;
import io.tailrace.systemtests.client.Subscriber;
import io.tailrace.systemtests.platform.DataFolders;
import io.tailrace.systemtests.platform.Launcher;
import io.tailrace.systemtests.platform.Platform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an operator sees of a running system: its log in JSON, and the traces that it exports. */
@Tag("server")
class SightTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PARENT = "00f067aa0ba902b7";

    private static SpanReceiver collector;
    private static Platform platform;

    @BeforeAll
    static void everythingRunsWithLogsInJsonAndACollector() throws Exception {
        collector = new SpanReceiver();
        // Whatever Tailrace itself may ever log, and not only what it logs by default.
        Map<String, String> environment = Map.of(
                "TAILRACE_LOG_FORMAT", "json",
                "TAILRACE_LOG_LEVEL", "DEBUG",
                "OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint(),
                "OTEL_BSP_SCHEDULE_DELAY", "100");
        platform =
                Platform.up(new Launcher(DataFolders.create("data"), environment), "search", "telemetry", "demo-show");
    }

    @AfterAll
    static void stopEverything() throws Exception {
        if (platform != null) {
            platform.close();
        }
        if (collector != null) {
            collector.close();
        }
    }

    @Test
    void a_publication_the_record_and_its_delivery_are_one_trace() throws Exception {
        String channel = "news:" + UUID.randomUUID();
        Api publisher = new Api(platform.origin(), platform.token("publisher", "--publish", "news:*"));
        String trace = newTrace();
        try (Subscriber stream = follow(channel)) {
            assertThat(publisher
                            .call("POST", "/channels/" + channel + "/events", event(), sampled(trace))
                            .status())
                    .isEqualTo(202);
            eventually("it arrived", LIMIT, () -> stream.count() == 1);
        }

        eventually("three spans", LIMIT, () -> collector.trace(trace).size() == 3);
        Received request = span(trace, "POST /channels/{channel}/events");
        Received send = span(trace, "send tailrace.channels.news");
        Received delivery = span(trace, "deliver tailrace.channels.news");
        assertThat(request.parent()).isEqualTo(PARENT);
        assertThat(request.kind()).isEqualTo("SPAN_KIND_SERVER");
        assertThat(request.attributes())
                .containsEntry("http.route", "/channels/{channel}/events")
                .containsEntry("http.response.status_code", "202");
        assertThat(send.parent()).isEqualTo(request.id());
        assertThat(send.kind()).isEqualTo("SPAN_KIND_PRODUCER");
        assertThat(delivery.parent()).isEqualTo(send.id());
        assertThat(delivery.kind()).isEqualTo("SPAN_KIND_CONSUMER");
        assertThat(delivery.attributes())
                .containsEntry("tailrace.streams", "1")
                .containsEntry("messaging.kafka.offset", send.attributes().get("messaging.kafka.offset"));
    }

    @Test
    void a_post_is_followed_through_the_dispatcher_to_the_feed() throws Exception {
        String author = UUID.randomUUID().toString();
        Api api = new Api(platform.origin(), platform.token(author));
        String trace = newTrace();
        try (Subscriber stream = follow("feed:" + author, author)) {
            assertThat(api.call("POST", "/posts", Map.of("text", "hello"), sampled(trace))
                            .status())
                    .isEqualTo(201);
            eventually("it arrived", LIMIT, () -> stream.count() == 1);
        }

        eventually("three spans", LIMIT, () -> collector.trace(trace).size() == 3);
        assertThat(span(trace, "deliver tailrace.channels.feed").parent())
                .isEqualTo(span(trace, "send tailrace.posts").id());
        assertThat(span(trace, "send tailrace.posts").parent())
                .isEqualTo(span(trace, "POST /posts").id());
    }

    @Test
    void a_trace_that_its_caller_does_not_sample_is_not_exported() throws Exception {
        String channel = "news:" + UUID.randomUUID();
        Api publisher = new Api(platform.origin(), platform.token("publisher", "--publish", "news:*"));
        String unsampled = newTrace();
        String later = newTrace();
        try (Subscriber stream = follow(channel)) {
            String path = "/channels/" + channel + "/events";
            publisher.call("POST", path, event(), Map.of("traceparent", "00-" + unsampled + "-" + PARENT + "-00"));
            publisher.call("POST", path, event(), sampled(later));
            eventually("both arrived", LIMIT, () -> stream.count() == 2);
        }

        eventually("the later one", LIMIT, () -> collector.trace(later).size() == 3);
        assertThat(collector.trace(unsampled)).isEmpty();
    }

    @Test
    void the_log_is_json_with_traces_and_connections_and_without_secrets_or_personal_data() throws Exception {
        // given a person, and everything about them that must not be written
        String mark = UUID.randomUUID().toString().substring(0, 8);
        String email = "Ada." + mark + "@Example.org";
        String password = "correct horse " + mark;
        String phone = "+49 30 " + ThreadLocalRandom.current().nextInt(1_000_000, 9_999_999);
        String name = "Lovelace" + mark;
        String text = "what I think " + mark;
        Api nobody = new Api(platform.origin(), null);
        Map<String, String> account = Map.of("email", email, "password", password, "name", name, "phone", phone);

        // when they sign up and in, well and badly, follow, write, publish, and ask for what is not there
        String id =
                nobody.mustWrite("POST", "/auth/register", account).path("id").asText();
        assertThat(nobody.call("POST", "/auth/register", account).status()).isEqualTo(409);
        JsonNode tokens = nobody.call("POST", "/auth/login", Map.of("email", email, "password", password))
                .json();
        String access = tokens.path("access_token").asText();
        String refresh = tokens.path("refresh_token").asText();
        assertThat(nobody.call("POST", "/auth/login", Map.of("email", email, "password", "wrong " + mark))
                        .status())
                .isEqualTo(401);
        assertThat(nobody.call("POST", "/auth/register", Map.of("email", email, "secret", password, "phone", phone))
                        .status())
                .isEqualTo(400);
        JsonNode renewed = nobody.call("POST", "/auth/refresh", Map.of("refresh_token", refresh))
                .json();
        String successor = renewed.path("refresh_token").asText();
        assertThat(nobody.call("POST", "/auth/refresh", Map.of("refresh_token", refresh))
                        .json()
                        .path("refresh_token")
                        .asText())
                .as("the same within the grace")
                .isEqualTo(successor);
        String unknown = refresh.substring(1) + refresh.charAt(0);
        assertThat(nobody.call("POST", "/auth/refresh", Map.of("refresh_token", unknown))
                        .status())
                .isEqualTo(401);
        String connection = openStream("feed:" + id, access);
        Api person = new Api(platform.origin(), access);
        assertThat(person.call("POST", "/posts", Map.of("text", text)).status()).isEqualTo(201);
        assertThat(person.call("POST", "/channels/news:" + id + "/events?access_token=" + access, event())
                        .status())
                .isEqualTo(403);
        assertThat(person.call("GET", "/nowhere?q=" + mark + "%40example.org", null)
                        .status())
                .isEqualTo(404);
        eventually("the last request is logged", LIMIT, () -> log("standalone").stream()
                .anyMatch(line -> line.contains("/nowhere")));

        // then
        List<String> all = new ArrayList<>(log("standalone"));
        all.addAll(log("event-dispatcher"));
        assertThat(all).allSatisfy(line -> assertThat(read(line).path("service").asText())
                .isIn("standalone", "event-dispatcher"));
        assertThat(all).allSatisfy(line -> assertThat(read(line).fieldNames())
                .toIterable()
                .contains("timestamp", "level", "logger", "thread", "message"));
        Stream.of(
                        email,
                        email.split("@", -1)[0],
                        password,
                        phone,
                        name,
                        text,
                        access,
                        refresh,
                        successor,
                        unknown,
                        mark)
                .forEach(secret -> assertThat(all)
                        .as("lines with %s", secret)
                        .noneMatch(line -> line.toLowerCase(Locale.ROOT).contains(secret.toLowerCase(Locale.ROOT))));
        List<JsonNode> requests = all.stream()
                .map(SightTest::read)
                .filter(line -> line.path("logger").asText().equals("io.tailrace.request"))
                // Probes are not traced.
                .filter(line -> !line.path("message").asText().contains(" /health"))
                .toList();
        assertThat(requests).hasSizeGreaterThan(8).allSatisfy(line -> {
            assertThat(line.path("trace_id").asText()).matches("[0-9a-f]{32}");
            assertThat(line.path("span_id").asText()).matches("[0-9a-f]{16}");
        });
        assertThat(all.stream().map(SightTest::read))
                .anyMatch(line -> line.path("connection_id").asText().equals(connection));
    }

    private static List<String> log(String part) throws IOException {
        return Files.readAllLines(platform.launcher().data().resolve("logs").resolve(part + ".log"));
    }

    private static JsonNode read(String line) {
        try {
            JsonNode object = JSON.readTree(line);
            assertThat(object.isObject()).as(line).isTrue();
            return object;
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }

    /** Opens a stream as a browser does that cannot send headers, and gives its connection's id. */
    private static String openStream(String channel, String token) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(platform.origin() + "/events?channels=" + channel + "&access_token=" + token))
                    .build();
            HttpResponse<Stream<String>> response = http.send(request, HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> lines = response.body()) {
                String open = lines.filter(line -> line.startsWith("data:"))
                        .findFirst()
                        .orElseThrow();
                return JSON.readTree(open.substring("data:".length()))
                        .path("connection_id")
                        .asText();
            } finally {
                http.shutdownNow();
            }
        }
    }

    private static Subscriber follow(String channel) throws Exception {
        return follow(channel, "reader");
    }

    private static Subscriber follow(String channel, String subject) throws Exception {
        Subscriber stream = new Subscriber(List.of(platform.origin()), platform.token(subject), "", List.of(channel));
        eventually("the stream is open", LIMIT, () -> stream.connections() == 1);
        return stream;
    }

    private static Map<String, Object> event() {
        return Map.of("type", "headline", "data", 1);
    }

    private static Map<String, String> sampled(String trace) {
        return Map.of("traceparent", "00-" + trace + "-" + PARENT + "-01");
    }

    private static String newTrace() {
        byte[] id = new byte[16];
        ThreadLocalRandom.current().nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    private static Received span(String trace, String name) {
        return collector.trace(trace).stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + collector.trace(trace)));
    }
}
