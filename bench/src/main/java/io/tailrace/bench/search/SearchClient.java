package io.tailrace.bench.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The search API, as a program uses it. Thread-safe. */
final class SearchClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int UNAVAILABLE = 503;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String origin;
    private final String token;
    private final List<String> authors;
    private final AtomicInteger posted = new AtomicInteger();

    /**
     * A client.
     *
     * @param token whose searches they are
     * @param authors the tokens of those who write the posts, in turn
     */
    SearchClient(String origin, String token, List<String> authors) {
        this.origin = origin;
        this.token = token;
        this.authors = List.copyOf(authors);
    }

    /** Finds people by a part of their phone number; the answer. */
    CompletableFuture<JsonNode> phone(String part) {
        return search("users", "{\"query\":{\"wildcard\":{\"phone\":\"*" + part + "*\"}}}");
    }

    /** Whether a post with this word can be found; a 503 is a no, for whoever gets one asks again. */
    CompletableFuture<Boolean> hasPost(String word) {
        String body = "{\"size\":1,\"query\":{\"match\":{\"text\":\"" + word + "\"}}}";
        return send("/search/posts", token, body, Set.of(OK, UNAVAILABLE))
                .thenApply(answer -> answer.path("total").asLong() > 0);
    }

    /** Writes a post. */
    CompletableFuture<Void> post(String text) {
        String author = authors.get(Math.floorMod(posted.getAndIncrement(), authors.size()));
        return send("/posts", author, "{\"text\":\"" + text + "\"}", Set.of(CREATED))
                .thenAccept(answer -> {});
    }

    private CompletableFuture<JsonNode> search(String index, String body) {
        return send("/search/" + index, token, body, Set.of(OK));
    }

    private CompletableFuture<JsonNode> send(String path, String bearer, String body, Set<Integer> expected) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(origin + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + bearer)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()).thenApply(answer -> {
            if (!expected.contains(answer.statusCode())) {
                throw new IllegalStateException(path + " answered " + answer.statusCode() + " "
                        + new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
            }
            try {
                return JSON.readTree(answer.body());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** How many documents Elasticsearch has behind an alias; 0 while there is none. */
    static long count(String elasticsearch, String alias) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(elasticsearch + "/" + alias + "/_count"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == OK
                    ? JSON.readTree(answer.body()).path("count").asLong()
                    : 0;
        }
    }
}
