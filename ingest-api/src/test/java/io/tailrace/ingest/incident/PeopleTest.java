package io.tailrace.ingest.incident;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.People;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestJobDecider;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.ingest.testing.TestPostgres;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recipients who are people, who say themselves how they are told. */
@Tag("server")
class PeopleTest {
    private static final String EMAIL = "ada" + UUID.randomUUID() + "@example.org";

    private static TestIngest server;
    private static Http ada;
    private static String adasId;

    private Http http = TestIngest.shared().anonymous();

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        var unused = TestJobDecider.shared();
        JsonNode tokens = People.signedIn(TestIngest.shared(), EMAIL).body();
        adasId = TestPostgres.shared()
                .column("select id from accounts where email = ?", EMAIL)
                .getFirst();
        Path file = Files.writeString(
                folder.resolve("notify.properties"),
                "ada.person=" + adasId + "\nada.severities=critical, error, info\ngone.person=" + UUID.randomUUID()
                        + "\nteam.email=team@example.org\n");
        server = TestIngest.start(Map.of("tailrace.notify.file", file.toString()));
        ada = server.with(tokens.path("access_token").asText());
    }

    @BeforeEach
    void signIn() {
        http = server.with(TestKeys.shared().jobs("incident"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void say(String preferences) {
        assertThat(ada.send("PUT", "/account/notifications", preferences.getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(200);
    }

    private static JsonNode tell(Http sender, String severity) {
        Http.Answer answer = sender.post(
                "/incidents", "{\"title\": \"Disk full\", \"text\": \"db1\", \"severity\": \"" + severity + "\"}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        return answer.body().path("notifications");
    }

    private static JsonNode payload(JsonNode notification) {
        String queue = notification.path("type").asText().equals("telegram") ? "telegram" : "notifications";
        try {
            return Json.mapper()
                    .readTree(TestLog.events(Topics.JOB_COMMANDS, queue).stream()
                            .filter(logged -> logged.event()
                                    .id()
                                    .equals(notification.path("job").asText()))
                            .findFirst()
                            .orElseThrow()
                            .data())
                    .path("payload");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Quiet hours that there are now, and for another hour at least. */
    private static String quietNow(String more) {
        LocalTime now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
        return "\"time_zone\": \"UTC\", \"quiet_hours\": {\"from\": \"" + now.minusHours(1) + "\", \"to\": \""
                + now.plusHours(2) + "\"" + more + "}";
    }

    @Test
    void a_person_who_has_said_nothing_is_told_by_mail_to_the_address_of_the_account() {
        say("{}");
        JsonNode told = tell(http, "error");

        assertThat(told.findValuesAsText("recipient")).containsExactly("team", "ada");
        assertThat(payload(told.path(1)).path("to").asText()).isEqualTo(EMAIL);
        assertThat(told.findValuesAsText("state")).containsOnly("ready");
        assertThat(tell(http, "warning").findValuesAsText("recipient"))
                .as("the file says of what")
                .containsExactly("team");
    }

    @Test
    void a_person_is_told_by_the_means_that_they_have_chosen_for_the_severity() {
        Http operator = server.with(TestKeys.shared().operator());
        String endpoint = operator.post("/webhooks", "{\"url\": \"https://example.org/\", \"events\": [\"*\"]}")
                .body()
                .path("id")
                .asText();
        TestPostgres.shared().update("update webhook_endpoints set owner = ? where id = ?::uuid", adasId, endpoint);
        say("{\"telegram_chat_id\": 7, \"webhook_endpoint\": \"" + endpoint
                + "\", \"kinds\": {\"incident\": [\"telegram\", \"webhook\"], \"incident.info\": []}}");

        JsonNode told = tell(http, "error");

        assertThat(told.findValuesAsText("type")).containsExactly("email", "telegram", "webhook");
        assertThat(payload(told.path(1)).path("chat_id").asInt()).isEqualTo(7);
        JsonNode webhook = payload(told.path(2));
        assertThat(webhook.path("endpoint").asText()).isEqualTo(endpoint);
        assertThat(webhook.path("event").path("type").asText()).isEqualTo("incident.error");
        assertThat(webhook.path("event").path("data").path("title").asText()).isEqualTo("Disk full");
        assertThat(tell(http, "info").findValuesAsText("recipient")).containsExactly("team");
    }

    @Test
    void what_comes_in_quiet_hours_waits_for_their_end_unless_it_is_critical_or_excepted() {
        say("{" + quietNow("") + "}");
        JsonNode error = tell(http, "error").path(1);
        JsonNode critical = tell(http, "critical").path(1);
        say("{" + quietNow(", \"except\": [\"incident.error\"]") + "}");
        JsonNode excepted = tell(http, "error").path(1);

        assertThat(error.path("state").asText()).isEqualTo("scheduled");
        assertThat(Instant.parse(error.path("run_at").asText()))
                .isBetween(
                        Instant.now().plus(1, ChronoUnit.HOURS), Instant.now().plus(2, ChronoUnit.HOURS));
        assertThat(critical.path("state").asText()).isEqualTo("ready");
        assertThat(critical.has("run_at")).isFalse();
        assertThat(excepted.path("state").asText()).isEqualTo("ready");
    }

    @Test
    void a_request_that_comes_again_after_quiet_hours_leads_to_the_same_jobs() {
        say("{" + quietNow("") + "}");
        Http keyed = http.header("Idempotency-Key", UUID.randomUUID().toString());
        JsonNode first = tell(keyed, "error");
        say("{}");

        JsonNode again = tell(keyed, "error");

        assertThat(again.findValuesAsText("job")).isEqualTo(first.findValuesAsText("job"));
        assertThat(again.path(1).path("state").asText()).isEqualTo("scheduled");
        assertThat(tell(keyed, "info").findValuesAsText("job"))
                .as("another incident is told of, whatever its key")
                .doesNotContainAnyElementsOf(first.findValuesAsText("job"));
    }
}
