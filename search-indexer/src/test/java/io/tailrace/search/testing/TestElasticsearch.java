package io.tailrace.search.testing;

import io.tailrace.backends.Backends;
import io.tailrace.backends.ErasableServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One real Elasticsearch for all tests of a JVM. */
public final class TestElasticsearch {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static class Shared {
        static final TestElasticsearch SERVER = new TestElasticsearch();
    }

    private final ErasableServer server = Backends.chosen().elasticsearch();

    private TestElasticsearch() {}

    /** The one server of this JVM. */
    public static TestElasticsearch shared() {
        return Shared.SERVER;
    }

    /** Where it answers. */
    public String url() {
        return "http://" + server.address();
    }

    /** Starts it with the data that it has, unless it runs, and waits until it answers. */
    public void start() {
        server.start();
    }

    /** Kills it at once. */
    public void kill() {
        server.stop();
    }

    /** Deletes all that it has; only while it is dead. */
    public void deleteData() {
        server.erase();
    }

    /** Asks it directly. */
    public HttpResponse<String> request(String method, String path, @Nullable String json)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher body =
                json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json);
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(url() + path))
                        .timeout(TIMEOUT)
                        .method(method, body)
                        .header("Content-Type", "application/json")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
