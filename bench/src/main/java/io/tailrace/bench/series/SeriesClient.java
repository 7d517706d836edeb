package io.tailrace.bench.series;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Writes readings and reads windows over HTTP. Thread-safe. */
final class SeriesClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String origin;
    private final String token;

    SeriesClient(String origin, String token) {
        this.origin = origin;
        this.token = token;
    }

    /** New metrics. */
    List<String> metrics(int count) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            HttpResponse<String> answer = http.send(
                    post("/metrics", "{\"name\": \"bench " + i + "\"}"), HttpResponse.BodyHandlers.ofString());
            require(answer, 201);
            ids.add(JSON.readTree(answer.body()).path("id").asText());
        }
        return ids;
    }

    /** Adds readings and waits for the answer; fails unless all are accepted. */
    void add(String readings, int count) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(post("/metrics/readings", readings), HttpResponse.BodyHandlers.ofString());
        require(answer, 200);
        if (!answer.body().contains("\"accepted\":" + count + ",")) {
            throw new IOException("not all of " + count + " readings were accepted: " + answer.body());
        }
    }

    /** Adds readings; completes with the status. */
    CompletableFuture<Integer> addSoon(String readings) {
        return http.sendAsync(post("/metrics/readings", readings), HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    /** Sends a request of Prometheus' remote-write; fails unless all of it is taken. */
    void remoteWrite(byte[] body) throws IOException, InterruptedException {
        require(
                http.send(
                        HttpRequest.newBuilder(URI.create(origin + "/api/v1/write"))
                                .timeout(LIMIT)
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/x-protobuf")
                                .header("Content-Encoding", "snappy")
                                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()),
                204);
    }

    /** The id of the metric with a name that no other has a part of; waits until it is listed. */
    String metricNamed(String name) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 600; attempt++) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(origin + "/metrics?q=" + name))
                            .timeout(LIMIT)
                            .header("Authorization", "Bearer " + token)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            require(answer, 200);
            JsonNode metrics = JSON.readTree(answer.body()).path("metrics");
            if (!metrics.isEmpty()) {
                return metrics.get(0).path("id").asText();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        throw new IOException("there is no metric " + name);
    }

    /** The windows of a metric. */
    JsonNode series(String metric, String parameters) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(get(metric, parameters), HttpResponse.BodyHandlers.ofString());
        require(answer, 200);
        return JSON.readTree(answer.body());
    }

    /** Waits until a metric has windows of each resolution of a chart. */
    void awaitWindows(String metric, long limitNs) throws IOException, InterruptedException {
        long startNs = System.nanoTime();
        for (String resolution : List.of("1s", "10s", "1m")) {
            while (true) {
                HttpResponse<String> answer = http.send(
                        get(metric, "columns=t&resolution=" + resolution), HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200
                        && !JSON.readTree(answer.body()).path("rows").isEmpty()) {
                    break;
                }
                if (System.nanoTime() - startNs > limitNs) {
                    throw new IOException("no windows: " + answer.statusCode() + " " + answer.body());
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    /** The windows of a metric as bytes; completes with how many, and fails unless it is answered with 200. */
    CompletableFuture<Integer> seriesSoon(String metric, String parameters) {
        return http.sendAsync(get(metric, parameters), HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(answer -> {
                    if (answer.statusCode() != 200) {
                        throw new IllegalStateException(answer.uri() + " answered " + answer.statusCode());
                    }
                    return answer.body().length;
                });
    }

    private HttpRequest get(String metric, String parameters) {
        return HttpRequest.newBuilder(URI.create(origin + "/metrics/" + metric + "/series?" + parameters))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token)
                .build();
    }

    private HttpRequest post(String path, String body) {
        return HttpRequest.newBuilder(URI.create(origin + path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static void require(HttpResponse<String> answer, int status) throws IOException {
        if (answer.statusCode() != status) {
            throw new IOException(answer.request().uri() + " answered " + answer.statusCode() + " " + answer.body());
        }
    }
}
