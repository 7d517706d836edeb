package io.tailrace.systemtests.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The HTTP API as one caller uses it. Thread-safe. */
public final class Api {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(60);
    private static final Duration RETRY_LIMIT = Duration.ofSeconds(120);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String origin;
    private final @Nullable String token;

    /** A caller with a token, or nobody. */
    public Api(String origin, @Nullable String token) {
        this.origin = origin;
        this.token = token;
    }

    /**
     * An answer.
     *
     * @param status its status code
     * @param json its body; missing if it had none
     * @param headers its headers
     */
    public record Answer(int status, JsonNode json, HttpHeaders headers) {
        /** The first value of a header, or nothing. */
        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    /** Sends one request. */
    public Answer call(String method, String path, @Nullable Object body) throws IOException, InterruptedException {
        return send(method, path, body, Map.of());
    }

    /** Sends one request with headers of its own. */
    public Answer call(String method, String path, @Nullable Object body, Map<String, String> headers)
            throws IOException, InterruptedException {
        return send(method, path, body, headers);
    }

    /** The body of a page that is not JSON; it must be answered with 200. */
    public String text(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(origin + path))
                .timeout(REQUEST_LIMIT)
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path + " answered " + response.statusCode());
        }
        return response.body();
    }

    /**
     * Sends a write until it is answered with 2xx, always with the same idempotency key, so that it happens once.
     *
     * @throws IOException on a 4xx, or when there was no answer for {@code 120 s}
     */
    public JsonNode mustWrite(String method, String path, @Nullable Object body)
            throws IOException, InterruptedException {
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        long deadline = System.nanoTime() + RETRY_LIMIT.toNanos();
        while (true) {
            String fault;
            try {
                Answer answer = send(method, path, body, key);
                if (answer.status() / 100 == 2) {
                    return answer.json();
                }
                fault = answer.toString();
                if (answer.status() < 500 && answer.status() != 409 && answer.status() != 429) {
                    throw new IllegalStateException(method + " " + path + ": " + fault);
                }
            } catch (IOException e) {
                fault = e.toString();
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(method + " " + path + " had no answer: " + fault);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    /**
     * Uploads a text file by a form.
     *
     * @return the upload's id
     */
    public String upload(String name, String text) throws IOException, InterruptedException {
        String form = "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"" + name + "\"\r\n\r\n" + text
                + "\r\n--b--\r\n";
        HttpRequest request = HttpRequest.newBuilder(URI.create(origin + "/uploads"))
                .timeout(REQUEST_LIMIT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        JsonNode json = JSON.readTree(response.body());
        if (response.statusCode() != 201) {
            throw new IOException("the upload was answered " + response.statusCode() + ": " + json);
        }
        return json.at("/uploads/0/id").asText();
    }

    private Answer send(String method, String path, @Nullable Object body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(origin + path)).timeout(REQUEST_LIMIT);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        headers.forEach(request::header);
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json");
            request.method(method, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        }
        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        byte[] bytes = response.body();
        JsonNode json = bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes);
        return new Answer(response.statusCode(), json, response.headers());
    }
}
