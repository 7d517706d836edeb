package io.tailrace.search.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.boot.ServiceBoot;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** The whole service on real servers, with indexes of its own, and a client of it. */
public final class TestService implements AutoCloseable {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final TestBroker BROKER = TestBroker.shared();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String prefix;
    private final ApplicationContext context;

    private TestService(String prefix, Map<String, Object> more) {
        this.prefix = prefix;
        Map<String, Object> settings = new java.util.HashMap<>(Map.of(
                "tailrace.http.port",
                -1,
                "tailrace.kafka.bootstrap",
                BROKER.settings().bootstrap(),
                "tailrace.elasticsearch.url",
                TestElasticsearch.shared().url(),
                "tailrace.jwks.file",
                TestTokens.keys().toString(),
                "tailrace.search.index-prefix",
                prefix,
                "tailrace.search.retry-longest",
                "300ms",
                "tailrace.search.session-timeout",
                "2s",
                "tailrace.search.index-check",
                "300ms"));
        settings.putAll(more);
        this.context = ServiceBoot.start(
                "search-indexer", List.of("search-indexer.yml"), TestService.class, new String[0], settings);
    }

    /** Starts with indexes of its own. */
    public static TestService start() {
        return start("t" + UUID.randomUUID() + "-", Map.of());
    }

    /** Starts with the indexes of a prefix. */
    public static TestService start(String prefix, Map<String, Object> more) {
        return new TestService(prefix, more);
    }

    /** What its indexes begin with. */
    public String prefix() {
        return prefix;
    }

    /** A bean. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Writes a user to the log. */
    public static UserRegistered user(String name, String email, @Nullable String phone) {
        UserRegistered user = new UserRegistered(UUID.randomUUID(), email, name, phone, AT);
        publish(Topics.USERS, user.id().toString(), "user_registered", user);
        return user;
    }

    /** Writes the erasure of a user to the log. */
    public static void erase(UUID id) {
        BROKER.send(new ProducerRecord<>(Topics.USERS, id.toString().getBytes(StandardCharsets.UTF_8), null));
    }

    /** Writes a post to the log. */
    public static PostPublished post(String text) {
        PostPublished post = new PostPublished(UUID.randomUUID(), UUID.randomUUID(), text, AT);
        publish(Topics.POSTS, post.authorId().toString(), "post_published", post);
        return post;
    }

    /** Writes an event to the log. */
    public static RecordMetadata publish(String topic, String key, String type, Object payload) {
        return BROKER.publish(topic, key, type, new String(Json.write(payload), StandardCharsets.UTF_8));
    }

    /** Searches as support does. */
    public HttpResponse<String> search(String index, String q) {
        return get(
                "/search/" + index + "?limit=100&q=" + URLEncoder.encode(q, StandardCharsets.UTF_8),
                TestTokens.token("support"));
    }

    /** The ids of what support finds, best first; fails if it is refused. */
    public List<String> found(String index, String q) {
        HttpResponse<String> response = search(index, q);
        if (response.statusCode() != 200) {
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }
        List<String> ids = new ArrayList<>();
        json(response).get("hits").forEach(hit -> ids.add(hit.get("id").textValue()));
        return ids;
    }

    /** A GET. */
    public HttpResponse<String> get(String path, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(TIMEOUT);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A POST of JSON. */
    public HttpResponse<String> post(String path, @Nullable String token, String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A body as JSON. */
    public static JsonNode json(HttpResponse<String> response) {
        try {
            return Json.mapper().readTree(response.body());
        } catch (IOException e) {
            throw new IllegalStateException(response.body(), e);
        }
    }

    private URI uri(String path) {
        return URI.create(context.getBean(EmbeddedServer.class).getURI() + path);
    }

    @Override
    public void close() {
        context.close();
        http.close();
    }
}
