package io.tailrace.ingest.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.JobProjections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestJobDecider;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.ingest.testing.TestPostgres;
import io.tailrace.kit.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class WebhookTest {
    private static final String URL = "https://example.org/hook";
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final TestIngest ingest = TestIngest.shared();
    private final TestPostgres database = TestPostgres.shared();
    private final Http http = ingest.with(TestKeys.shared().jobs("webhook"));

    private JsonNode register() {
        Http.Answer answer = http.post("/webhooks", "{\"url\": \"" + URL + "\", \"events\": [\"user.*\", \"*\"]}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        return answer.body();
    }

    private Http.Answer send(String method, String path, String json) {
        return http.send(method, path, json.getBytes(UTF_8));
    }

    @Test
    void anEndpointIsRegisteredAndItsSecretIsShownOnce() {
        JsonNode made = register();
        String path = "/webhooks/" + made.path("id").asText();
        JsonNode read = http.get(path).body();

        assertThat(made.path("secret").asText()).startsWith("whsec_").hasSize(50);
        assertThat(read.has("secret")).isFalse();
        assertThat(read.path("url").asText()).isEqualTo(URL);
        assertThat(read.path("events").toString()).isEqualTo("[\"user.*\",\"*\"]");
        assertThat(read.path("state").asText()).isEqualTo("enabled");
        assertThat(http.get("/webhooks").body().path("webhooks").findValuesAsText("id"))
                .containsExactly(made.path("id").asText());
    }

    @Test
    void aSecretOfOnesOwnIsTaken() {
        Http.Answer answer = http.post(
                "/webhooks", "{\"url\": \"" + URL + "\", \"events\": [\"*\"], \"secret\": \"" + SECRET + "\"}");

        assertThat(answer.body().path("secret").asText()).isEqualTo(SECRET);
    }

    @Test
    void aSecretIsEncryptedIfThereIsAKeyForIt() {
        String key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        try (TestIngest other = TestIngest.start(Map.of("tailrace.webhook-secrets.key", key))) {
            JsonNode made = other.with(TestKeys.shared().operator())
                    .post(
                            "/webhooks",
                            "{\"url\": \"" + URL + "\", \"events\": [\"*\"], \"secret\": \"" + SECRET + "\"}")
                    .body();
            String kept = database.column(
                            "select secret from webhook_endpoints where id = ?",
                            UUID.fromString(made.path("id").asText()))
                    .getFirst();

            assertThat(kept).startsWith("v1:").doesNotContain("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        }
    }

    @Test
    void everyFaultOfARequestIsTold() {
        Http.Answer answer = http.post(
                "/webhooks",
                "{\"url\": \"ftp://example.org\", \"events\": [\"a b\", 3], \"secret\": \"x\", \"colour\": 1}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field"))
                .containsExactlyInAnyOrder("url", "events[0]", "events[1]", "secret", "colour");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"events\": [\"*\"]} | url",
                "{\"url\": \"https://example.org\"} | events",
                "{\"url\": \"https://example.org\", \"events\": []} | events",
                "{\"url\": \"https://user:pass@example.org\", \"events\": [\"*\"]} | url",
                "{\"url\": \"https://\", \"events\": [\"*\"]} | url",
                "[] | body",
            })
    void whatIsNoEndpointIsRefused(String body, String field) {
        Http.Answer answer = http.post("/webhooks", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly(field);
    }

    @Test
    void anEndpointChangesAndGoes() {
        String path = "/webhooks/" + register().path("id").asText();

        JsonNode disabled = send("PATCH", path, "{\"state\": \"disabled\", \"events\": [\"order.paid\"]}")
                .body();
        JsonNode enabled = send("PATCH", path, "{\"state\": \"enabled\", \"url\": \"http://example.com/\"}")
                .body();
        int wrong = send("PATCH", path, "{\"state\": \"asleep\"}").status();
        int removed = http.send("DELETE", path, null).status();

        assertThat(disabled.path("state").asText()).isEqualTo("disabled");
        assertThat(disabled.path("disabled_reason").asText()).isEqualTo("asked");
        assertThat(disabled.path("url").asText()).isEqualTo(URL);
        assertThat(enabled.path("state").asText()).isEqualTo("enabled");
        assertThat(enabled.has("disabled_reason")).isFalse();
        assertThat(enabled.path("events").toString()).isEqualTo("[\"order.paid\"]");
        assertThat(List.of(wrong, removed)).containsExactly(400, 204);
        assertThat(http.get(path).status()).isEqualTo(404);
        assertThat(http.send("DELETE", path, null).status()).isEqualTo(404);
    }

    @Test
    void aSecretRotatesAndTheOneBeforeIsKeptForAWhile() {
        JsonNode made = register();
        UUID id = UUID.fromString(made.path("id").asText());
        Http.Answer rotated = http.post("/webhooks/" + id + "/secret", "{\"grace_seconds\": 600}");

        assertThat(rotated.status()).as(rotated.body().toString()).isEqualTo(200);
        assertThat(rotated.body().path("secret").asText())
                .startsWith("whsec_")
                .isNotEqualTo(made.path("secret").asText());
        assertThat(Instant.parse(rotated.body().path("previous_secret_until").asText()))
                .isAfter(Instant.parse(made.path("created_at").asText()));
        assertThat(database.column("select previous_secret from webhook_endpoints where id = ?", id)
                        .getFirst())
                .startsWith("v0:");
        Http.Answer atOnce = http.post("/webhooks/" + id + "/secret", "{\"grace_seconds\": 0}");
        assertThat(atOnce.body().has("previous_secret_until")).isFalse();
        assertThat(http.post("/webhooks/" + id + "/secret", "{\"grace_seconds\": -1}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void whoeverIsNoOperatorSeesTheirOwnEndpointsAlone() {
        String path = "/webhooks/" + register().path("id").asText();
        Http other = ingest.with(TestKeys.shared().jobs("*"));
        Http operator = ingest.with(TestKeys.shared().operator());
        Http emails = ingest.with(TestKeys.shared().jobs("email"));

        assertThat(other.get(path).status()).isEqualTo(404);
        assertThat(other.send("DELETE", path, null).status()).isEqualTo(404);
        assertThat(other.get(path + "/deliveries").status()).isEqualTo(404);
        assertThat(other.get("/webhooks").body().path("webhooks").isEmpty()).isTrue();
        assertThat(operator.get(path).status()).isEqualTo(200);
        assertThat(emails.get(path).status()).isEqualTo(403);
        assertThat(emails.get("/webhooks").status()).isEqualTo(403);
        assertThat(ingest.anonymous().get("/webhooks").status()).isEqualTo(401);
    }

    @Test
    void pagesOfEndpointsFollowEachOther() {
        List<String> ids = List.of(
                register().path("id").asText(),
                register().path("id").asText(),
                register().path("id").asText());

        JsonNode first = http.get("/webhooks?limit=2").body();
        JsonNode second = http.get(
                        "/webhooks?limit=2&before=" + first.path("next").asText())
                .body();

        assertThat(first.path("webhooks").findValuesAsText("id")).containsExactly(ids.get(2), ids.get(1));
        assertThat(second.path("webhooks").findValuesAsText("id")).containsExactly(ids.get(0));
        assertThat(second.has("next")).isFalse();
    }

    @Test
    void nobodyHasMoreEndpointsThanTheyMay() {
        try (TestIngest other = TestIngest.start(Map.of("tailrace.webhooks.max-endpoints", 1))) {
            Http limited = other.with(TestKeys.shared().jobs("webhook"));
            String body = "{\"url\": \"" + URL + "\", \"events\": [\"*\"]}";

            assertThat(limited.post("/webhooks", body).status()).isEqualTo(201);
            assertThat(limited.post("/webhooks", body).status()).isEqualTo(409);
        }
    }

    @Test
    void theDeliveriesOfAnEndpointAreShownWithTheirAttempts() {
        String endpoint = register().path("id").asText();
        Instant at = Instant.parse("2026-01-02T03:04:05.678901Z");
        UUID failed = delivery(endpoint, "retrying", at);
        JobProjections.attempt(failed, 1, "failed", "http_503");
        UUID done = delivery(endpoint, "succeeded", at.plusSeconds(1));
        JobProjections.attempt(done, 1, "failed", "timed_out");
        JobProjections.attempt(done, 2, "succeeded", null);
        database.update(
                "update jobs set result = ? where id = ?",
                "{\"status\":204,\"duration_ms\":34,\"answer\":\"thanks\"}",
                done);
        UUID alien = delivery(UUID.randomUUID().toString(), "succeeded", at);
        JobProjections.catchUp();

        JsonNode page =
                http.get("/webhooks/" + endpoint + "/deliveries?limit=1").body();
        JsonNode rest = http.get("/webhooks/" + endpoint + "/deliveries?before="
                        + page.path("next").asText())
                .body();

        JsonNode newest = page.path("deliveries").path(0);
        assertThat(newest.path("id").asText()).isEqualTo(done.toString());
        assertThat(newest.path("attempts").path(0).path("error").asText()).isEqualTo("timed_out");
        assertThat(newest.path("attempts").path(0).has("status")).isFalse();
        assertThat(newest.path("attempts").path(1).path("status").asInt()).isEqualTo(204);
        assertThat(newest.path("attempts").path(1).path("duration_ms").asInt()).isEqualTo(34);
        assertThat(newest.path("attempts").path(1).path("answer").asText()).isEqualTo("thanks");
        JsonNode older = rest.path("deliveries").path(0);
        assertThat(rest.path("deliveries").findValuesAsText("id"))
                .containsExactly(failed.toString())
                .doesNotContain(alien.toString());
        assertThat(older.path("attempts").path(0).path("status").asInt()).isEqualTo(503);
        assertThat(older.path("attempts").path(0).path("answer").asText()).isEqualTo("it failed");
        assertThat(older.has("next_attempt_at")).isTrue();
    }

    private UUID delivery(String endpoint, String state, Instant at) {
        UUID job = JobProjections.job("notifications", "webhook", state, at);
        database.update(
                "update jobs set limit_key = ?, payload = ? where id = ?",
                endpoint,
                "{\"endpoint\":\"" + endpoint + "\",\"event\":{\"type\":\"user.created\",\"n\":1.50}}",
                job);
        return job;
    }

    @Test
    void aDeliveryIsSentAgainUnderItsId() throws Exception {
        var unused = TestJobDecider.shared();
        String endpoint = register().path("id").asText();
        UUID job = delivery(endpoint, "dead", Instant.parse("2026-01-02T03:04:05.678901Z"));
        JobProjections.catchUp();

        Http.Answer answer = http.post("/webhooks/" + endpoint + "/deliveries/" + job + "/replay", "");

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        String id = answer.body().path("id").asText();
        assertThat(answer.header("Location")).isEqualTo("/jobs/" + id);
        JsonNode command = Json.mapper()
                .readTree(TestLog.events(Topics.JOB_COMMANDS, "notifications").stream()
                        .filter(logged -> logged.event().id().equals(id))
                        .findFirst()
                        .orElseThrow()
                        .data());
        assertThat(command.path("payload").path("message_id").asText()).isEqualTo(job.toString());
        assertThat(command.path("payload").path("event").toString())
                .isEqualTo("{\"type\":\"user.created\",\"n\":1.50}");
        assertThat(command.path("job").path("key").asText()).isEqualTo(endpoint);
    }

    @Test
    void whatTheEndpointNeverGotAndWhatIsForgottenCannotBeSentAgain() {
        String endpoint = register().path("id").asText();
        UUID forgotten = delivery(endpoint, "dead", Instant.parse("2026-01-02T03:04:05.678901Z"));
        database.update("update jobs set payload = null where id = ?", forgotten);
        UUID alien = delivery(UUID.randomUUID().toString(), "dead", Instant.parse("2026-01-02T03:04:05.678901Z"));
        JobProjections.catchUp();
        String deliveries = "/webhooks/" + endpoint + "/deliveries/";

        assertThat(http.post(deliveries + alien + "/replay", "").status()).isEqualTo(404);
        assertThat(http.post(deliveries + forgotten + "/replay", "").status()).isEqualTo(409);
    }
}
