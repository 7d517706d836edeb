package io.tailrace.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.standalone.Fault;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.token.SigningKey;
import io.tailrace.standalone.token.TokenIssuer;
import io.tailrace.standalone.token.TokenRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of the Tailrace that is up with a data folder, as its operator asks for them. Whatever goes wrong is a {@link Fault} of one
 * line. Not thread-safe.
 */
final class JobsApi implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(5);
    private static final int LAST_SUCCESS = 299;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .build();
    private final URI origin;
    private final String token;

    private JobsApi(URI origin, String token) {
        this.origin = origin;
        this.token = token;
    }

    /** Those of a data folder; throws a {@link Fault} if nothing is up with it. */
    static JobsApi of(DataFolder folder) {
        RunState state = RunState.read(folder)
                .filter(it -> !it.phase().equals(RunState.DOWN) && !it.origin().isEmpty())
                .orElseThrow(() -> new Fault(
                        "nothing is up with the data folder " + folder.root() + ": start ./tailrace up first"));
        TokenRequest request =
                new TokenRequest("tailrace-jobs", List.of("operator"), List.of(), List.of(), TOKEN_LIFETIME);
        return new JobsApi(
                URI.create(state.origin()),
                new TokenIssuer(SigningKey.in(folder), InstantSource.system()).issue(request));
    }

    /** A path with the parameters of a query that have a value. */
    static String path(String path, Map<String, String> parameters) {
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        parameters.forEach((name, value) -> {
            if (!value.isEmpty()) {
                query.add(name + "=" + escaped(value));
            }
        });
        return path + query;
    }

    /** A text as one segment of a path. */
    static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Reads JSON; throws a {@link Fault} that names the argument and what is wrong. */
    static JsonNode json(String argument, String text) {
        try {
            JsonNode node = JSON.readTree(text);
            if (!node.isMissingNode()) {
                return node;
            }
        } catch (IOException e) {
            throw new Fault(argument + ": no JSON: " + firstLine(e.getMessage()), e);
        }
        throw new Fault(argument + ": expected JSON, for example {\"width\": 100}");
    }

    JsonNode get(String path) {
        return send("GET", path, null);
    }

    JsonNode post(String path, @Nullable Object body) {
        return send("POST", path, body);
    }

    private JsonNode send(String method, String path, @Nullable Object body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(origin.resolve(path))
                    .timeout(LIMIT)
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .header("Prefer", "wait=30")
                    .header("Idempotency-Key", UUID.randomUUID().toString())
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                    .build();
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode json = JSON.readTree(answer.body());
            if (answer.statusCode() > LAST_SUCCESS) {
                throw new Fault(problem(answer.statusCode(), json));
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new Fault(origin + " answers with something else than JSON: is it Tailrace that listens there?", e);
        } catch (IOException e) {
            throw new Fault(origin + " does not answer: is it up? ./tailrace status says", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault("interrupted", e);
        }
    }

    /** What a problem document (RFC 9457) says, in one line. */
    static String problem(int status, JsonNode json) {
        StringJoiner faults = new StringJoiner("; ").setEmptyValue("");
        json.path("errors")
                .forEach(error -> faults.add(error.path("field").asText() + ": "
                        + error.path("message").asText()));
        String detail = faults.length() > 0
                ? faults.toString()
                : json.path("detail").asText(json.path("title").asText(""));
        return detail.isEmpty() ? "the answer is HTTP " + status : firstLine(detail);
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
