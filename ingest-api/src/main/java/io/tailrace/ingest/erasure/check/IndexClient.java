package io.tailrace.ingest.erasure.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks Elasticsearch over HTTP. Immutable. */
final class IndexClient {
    private final String url;
    private final Duration timeout;

    /**
     * Asks the server at {@code url}.
     *
     * @param timeout how long it waits for an answer
     */
    IndexClient(String url, Duration timeout) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.timeout = timeout;
    }

    /**
     * One request.
     *
     * @param body as JSON; null for none
     * @throws IOException if there is no answer in time, or it is not 200
     */
    JsonNode ask(HttpClient client, String method, String path, @Nullable Object body)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher sent = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(Json.write(body));
        HttpResponse<byte[]> answer = client.send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(timeout)
                        .header("Content-Type", "application/json")
                        .method(method, sent)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException("Elasticsearch answered " + answer.statusCode() + ": "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return Json.mapper().readTree(answer.body());
    }
}
