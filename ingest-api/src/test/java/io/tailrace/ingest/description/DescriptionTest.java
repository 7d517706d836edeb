package io.tailrace.ingest.description;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.People;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

@Tag("server")
class DescriptionTest {
    /** Somebody with an account. */
    private static final String SELF = registered(People.freshEmail());

    private final JsonNode description = new ObjectMapper()
            .valueToTree(new Yaml().load(TestIngest.shared().anonymous().text("/openapi.yml")));

    @Test
    void it_describes_the_contract() {
        assertThat(operations())
                .containsExactlyInAnyOrder(
                        "GET /.well-known/jwks.json",
                        "POST /auth/register",
                        "POST /auth/login",
                        "POST /auth/refresh",
                        "POST /auth/logout",
                        "PUT /follows/{user_id}",
                        "DELETE /follows/{user_id}",
                        "POST /posts",
                        "DELETE /posts/{id}",
                        "DELETE /account",
                        "GET /account/erasures/{id}",
                        "GET /account/notifications",
                        "PUT /account/notifications",
                        "GET /feed",
                        "POST /metrics",
                        "GET /metrics",
                        "GET /metrics/{id}",
                        "GET /metrics/{id}/series",
                        "GET /metrics/{id}/readings",
                        "POST /metrics/readings",
                        "POST /api/v1/write",
                        "POST /channels/{channel}/events",
                        "POST /dashboards",
                        "GET /dashboards",
                        "GET /dashboards/{id}",
                        "PUT /dashboards/{id}",
                        "DELETE /dashboards/{id}",
                        "GET /dashboards/shared/{link}",
                        "POST /uploads",
                        "GET /uploads",
                        "GET /uploads/{id}",
                        "GET /uploads/{id}/content",
                        "GET /uploads/{id}/text",
                        "DELETE /uploads/{id}",
                        "OPTIONS /uploads/resumable",
                        "POST /uploads/resumable",
                        "POST /uploads/resumable/{id}",
                        "HEAD /uploads/resumable/{id}",
                        "PATCH /uploads/resumable/{id}",
                        "DELETE /uploads/resumable/{id}",
                        "POST /answers",
                        "GET /answers/{id}",
                        "POST /answers/{id}/cancel",
                        "GET /models",
                        "POST /shows",
                        "GET /shows",
                        "GET /shows/{id}",
                        "GET /shows/{id}/seats",
                        "POST /shows/{id}/reservations",
                        "GET /reservations/{id}",
                        "DELETE /reservations/{id}",
                        "POST /reservations/{id}/confirm",
                        "POST /jobs",
                        "POST /jobs/bulk",
                        "GET /jobs",
                        "GET /jobs/{id}",
                        "GET /jobs/{id}/log",
                        "POST /jobs/leases",
                        "POST /jobs/leases/{id}/heartbeat",
                        "POST /jobs/leases/{id}/log",
                        "POST /jobs/leases/{id}/outcome",
                        "POST /jobs/{id}/cancel",
                        "POST /jobs/{id}/retry",
                        "POST /jobs/{id}/run-now",
                        "GET /queues",
                        "PUT /queues/{queue}",
                        "POST /queues/{queue}/pause",
                        "POST /queues/{queue}/resume",
                        "GET /bridges",
                        "GET /bridges/{name}",
                        "PUT /bridges/{name}",
                        "DELETE /bridges/{name}",
                        "GET /schedules",
                        "GET /schedules/{name}",
                        "PUT /schedules/{name}",
                        "DELETE /schedules/{name}",
                        "POST /schedules/{name}/run-now",
                        "POST /webhooks",
                        "GET /webhooks",
                        "GET /webhooks/{id}",
                        "PATCH /webhooks/{id}",
                        "DELETE /webhooks/{id}",
                        "POST /webhooks/{id}/secret",
                        "GET /webhooks/{id}/deliveries",
                        "POST /webhooks/{id}/deliveries/{job}/replay",
                        "POST /incidents");
        assertThat(properties("NewJob"))
                .containsExactlyInAnyOrder(
                        "type",
                        "payload",
                        "queue",
                        "run_at",
                        "delay_seconds",
                        "priority",
                        "unique_key",
                        "unique_seconds",
                        "max_attempts",
                        "timeout_seconds",
                        "key");
        assertThat(properties("JobAnswer")).containsExactlyInAnyOrder("id", "state", "queue", "type", "run_at");
        assertThat(properties("ReservationView"))
                .containsExactlyInAnyOrder("id", "show_id", "state", "seats", "expires_at", "reason", "channel");
        assertThat(properties("SeatMapView")).containsExactlyInAnyOrder("position", "seats");
        assertThat(properties("Tokens"))
                .containsExactlyInAnyOrder("access_token", "token_type", "expires_in", "refresh_token");
        assertThat(properties("Person")).containsExactlyInAnyOrder("id", "email", "name", "phone", "created_at");
        assertThat(description.at("/components/schemas").has("Caller")).isFalse();
    }

    @Test
    void what_it_describes_exists() {
        Http http = TestIngest.shared()
                .with(TestKeys.shared()
                        .sign(TestKeys.shared().claims(SELF).claim("roles", List.of("organizer", "operator"))));
        Http operator = TestIngest.shared().with(TestKeys.shared().operator());
        Http uploader = TestIngest.shared().with(TestKeys.shared().person(UUID.randomUUID()));
        Http worker = TestIngest.shared().with(TestKeys.shared().worker("*"));
        for (String operation : operations()) {
            String method = operation.substring(0, operation.indexOf(' '));
            String path = operation
                    .substring(operation.indexOf(' ') + 1)
                    .replace("{user_id}", SELF)
                    .replace("{id}", "none")
                    .replace("{link}", "none")
                    .replace("{job}", "none")
                    .replace("{queue}", "None")
                    .replace("{name}", "None")
                    .replace("{channel}", "None");
            byte[] body = method.matches("POST|PUT|PATCH") ? "[]".getBytes(StandardCharsets.UTF_8) : null;

            // Somebody else's, or one person would write too much.
            Http caller = path.startsWith("/jobs/leases")
                    ? worker
                    : path.matches("/(webhooks|incidents).*")
                            ? operator
                            : path.matches("/(uploads|answers).*") ? uploader : http;
            Http.Answer answer = caller.send(method, path, body);

            // Those that are not JSON, and those of another protocol.
            assertThat(answer.status())
                    .as(operation)
                    .isIn(
                            path.equals("/api/v1/write") || operation.equals("POST /uploads")
                                    ? List.of(415)
                                    : path.startsWith("/uploads/resumable")
                                            ? List.of(204, 400, 412)
                                            : List.of(200, 400, 409));
        }
    }

    private static String registered(String email) {
        Http.Answer answer = TestIngest.shared().anonymous().post("/auth/register", People.registration(email));
        return answer.body().path("id").asText();
    }

    private List<String> operations() {
        List<String> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
            path.getValue()
                    .fieldNames()
                    .forEachRemaining(method -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
        }
        return operations;
    }

    private List<String> properties(String schema) {
        List<String> names = new ArrayList<>();
        description
                .at("/components/schemas/" + schema + "/properties")
                .fieldNames()
                .forEachRemaining(names::add);
        return names;
    }
}
