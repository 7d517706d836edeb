package io.tailrace.kit.http;

import static io.tailrace.kit.http.TestServer.EC;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.kit.security.Tokens;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A flight recording for an operator, and for nobody else. */
class RecordingsOverHttpTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @Test
    void anAdminRecordsTheProcessWithoutItsSecrets(@TempDir Path folder) throws Exception {
        try (TestServer server = new TestServer(Map.of())) {
            // when, long enough for the second request to come while it goes on
            HttpResponse<String> begun = record(server, "admin", "{\"seconds\": 5}");
            HttpResponse<String> second = record(server, "admin", "{\"seconds\": 5}");
            String place = begun.headers().firstValue("Location").orElseThrow();
            Path file = folder.resolve("recording.jfr");
            Files.write(file, finished(server, place));

            // then
            assertThat(begun.statusCode()).isEqualTo(202);
            assertThat(TestServer.body(begun).get("seconds").intValue()).isEqualTo(5);
            assertThat(second.statusCode()).isEqualTo(409);
            Set<String> types = RecordingFile.readAllEvents(file).stream()
                    .map(RecordedEvent::getEventType)
                    .map(type -> type.getName())
                    .collect(Collectors.toSet());
            assertThat(types)
                    // Every recording begins with it; what is taken each second may come too late for one of a second.
                    .contains("jdk.CPUInformation")
                    .doesNotContain(
                            "jdk.InitialEnvironmentVariable", "jdk.InitialSystemProperty", "jdk.JVMInformation");
            assertThat(get(server, "admin", "/admin/recordings/another").statusCode())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"seconds\": 0}", "{\"seconds\": 301}", "{\"seconds\": \"5\"}", "{\"hours\": 1}", "[]"})
    void refusesWhatIsNoDuration(String body) throws Exception {
        try (TestServer server = new TestServer(Map.of())) {
            assertThat(record(server, "admin", body).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void refusesEverybodyElse() throws Exception {
        try (TestServer server = new TestServer(Map.of())) {
            assertThat(record(server, "organizer", "{\"seconds\": 1}").statusCode())
                    .isEqualTo(403);
            assertThat(get(server, "organizer", "/admin/recordings/any").statusCode())
                    .isEqualTo(403);
            assertThat(server.post("/admin/recordings", "{\"seconds\": 1}").statusCode())
                    .isEqualTo(401);
        }
    }

    /** The file, as soon as the recording has ended; until then the answer is 409. */
    private static byte[] finished(TestServer server, String place) throws Exception {
        Instant deadline = Instant.now().plus(DEADLINE);
        while (true) {
            HttpResponse<byte[]> answer = server.send(
                    server.request(place).header("Authorization", token("admin")),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() == 200) {
                return answer.body();
            }
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(Instant.now()).isBefore(deadline);
        }
    }

    private static HttpResponse<String> record(TestServer server, String role, String body) throws Exception {
        return server.send(server.request("/admin/recordings")
                .header("Authorization", token(role))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> get(TestServer server, String role, String path) throws Exception {
        return server.send(server.request(path).header("Authorization", token(role)));
    }

    private static String token(String role) {
        return "Bearer "
                + Tokens.sign(
                        EC,
                        Tokens.claims(Instant.now())
                                .claim("roles", List.of(role))
                                .build());
    }
}
