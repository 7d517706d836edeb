package io.tailrace.ingest.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class PreferencesTest {
    private static final Instant NIGHT = Instant.parse("2026-06-01T23:00:00Z");
    private static final Instant DAY = Instant.parse("2026-06-01T12:00:00Z");
    private static final String PATH = "/account/notifications";

    private static Http person() {
        JsonNode tokens = io.tailrace.ingest.testing.People.signedIn(
                        TestIngest.shared(), io.tailrace.ingest.testing.People.freshEmail())
                .body();
        return TestIngest.shared().with(tokens.path("access_token").asText());
    }

    private static Http.Answer put(Http http, String body) {
        return http.send("PUT", PATH, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void the_severity_that_is_named_counts_before_all_incidents_and_what_is_not_named_comes_by_mail() {
        Preferences preferences = new Preferences(
                "UTC",
                null,
                5L,
                null,
                Map.of(
                        "incident",
                        List.of(),
                        "incident.error",
                        List.of("telegram"),
                        "incident.info",
                        List.of("webhook")));

        assertThat(preferences.means("error")).containsExactly("telegram");
        assertThat(preferences.means("warning")).isEmpty();
        assertThat(preferences.means("info")).as("an endpoint that is gone").isEmpty();
        assertThat(Preferences.DEFAULT.means("error")).containsExactly("email");
        assertThat(new Preferences("UTC", null, null, null, Map.of()).means("error"))
                .containsExactly("email");
    }

    @Test
    void what_is_critical_or_excepted_does_not_wait() {
        Preferences some = quiet(List.of("incident.error"));

        assertThat(some.waitsUntil("warning", NIGHT)).isEqualTo(Instant.parse("2026-06-02T06:00:00Z"));
        assertThat(some.waitsUntil("critical", NIGHT)).isNull();
        assertThat(some.waitsUntil("error", NIGHT)).isNull();
        assertThat(some.waitsUntil("warning", DAY)).isNull();
        assertThat(quiet(List.of("incident")).waitsUntil("warning", NIGHT)).isNull();
        assertThat(Preferences.DEFAULT.waitsUntil("warning", NIGHT)).isNull();
    }

    private static Preferences quiet(List<String> except) {
        return new Preferences("UTC", new QuietHours("22:00", "06:00", except), null, null, Map.of());
    }

    @Test
    void what_a_person_says_is_kept_in_the_place_of_what_they_said_before() {
        Http http = person();
        assertThat(http.get(PATH).body().toString())
                .isEqualTo("{\"time_zone\":\"UTC\",\"kinds\":{\"incident\":[\"email\"]}}");
        String said = "{\"time_zone\":\"Europe/Berlin\",\"quiet_hours\":{\"from\":\"22:00\",\"to\":\"07:00\","
                + "\"except\":[\"incident.error\"]},\"telegram_chat_id\":-1001234567890,"
                + "\"kinds\":{\"incident\":[\"email\",\"telegram\"],\"incident.info\":[]}}";

        assertThat(put(http, said).status()).isEqualTo(200);

        assertThat(http.get(PATH).body().toString()).isEqualTo(said);
        assertThat(put(http, http.get(PATH).body().toString()).status()).isEqualTo(200);
        assertThat(put(http, "{}").status()).isEqualTo(200);
        assertThat(http.get(PATH).body().toString()).doesNotContain("Berlin", "telegram", "info");
    }

    @Test
    void an_endpoint_of_ones_own_can_be_told_and_is_forgotten_when_it_is_removed() {
        Http operator = TestIngest.shared().with(TestKeys.shared().operator());
        String endpoint = operator.post("/webhooks", "{\"url\": \"https://example.org/\", \"events\": [\"*\"]}")
                .body()
                .path("id")
                .asText();
        Http http = person();

        assertThat(put(http, webhook(endpoint)).body().path("errors").findValuesAsText("field"))
                .containsExactly("webhook_endpoint");
        assertThat(put(http, webhook(UUID.randomUUID().toString())).status()).isEqualTo(400);

        var database = TestPostgres.shared();
        String email = "e" + UUID.randomUUID() + "@example.org";
        JsonNode tokens = io.tailrace.ingest.testing.People.signedIn(TestIngest.shared(), email)
                .body();
        String id = database.column("select id from accounts where email = ?", email)
                .getFirst();
        assertThat(database.update("update webhook_endpoints set owner = ? where id = ?::uuid", id, endpoint))
                .isOne();
        Http owner = TestIngest.shared().with(tokens.path("access_token").asText());
        assertThat(put(owner, webhook(endpoint)).status()).isEqualTo(200);
        assertThat(owner.get(PATH).body().path("webhook_endpoint").asText()).isEqualTo(endpoint);
        assertThat(operator.send("DELETE", "/webhooks/" + endpoint, null).status())
                .isEqualTo(204);
        assertThat(owner.get(PATH).body().has("webhook_endpoint")).isFalse();
    }

    private static String webhook(String endpoint) {
        return "{\"webhook_endpoint\": \"" + endpoint + "\", \"kinds\": {\"incident\": [\"webhook\"]}}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 | body",
                "{\"colour\": 1} | colour",
                "{\"time_zone\": \"+02:00\"} | time_zone",
                "{\"time_zone\": 3} | time_zone",
                "{\"quiet_hours\": {\"from\": \"22:00\", \"to\": \"07:00\"}} | time_zone",
                "{\"time_zone\": \"UTC\", \"quiet_hours\": 3} | quiet_hours",
                "{\"time_zone\": \"UTC\", \"quiet_hours\": {\"from\": \"24:00\", \"to\": \"07:00\"}} |"
                        + " quiet_hours.from",
                "{\"time_zone\": \"UTC\", \"quiet_hours\": {\"from\": \"22:00\"}} | quiet_hours.to",
                "{\"time_zone\": \"UTC\", \"quiet_hours\": {\"from\": \"7:00\", \"to\": \"7:01\"}} |"
                        + " quiet_hours.from,quiet_hours.to",
                "{\"time_zone\": \"UTC\", \"quiet_hours\": {\"from\": \"07:00\", \"to\": \"07:00\"}} | quiet_hours.to",
                "{\"time_zone\": \"UTC\", \"quiet_hours\": {\"from\": \"22:00\", \"to\": \"07:00\", \"days\": 1}} |"
                        + " quiet_hours.days",
                "{\"time_zone\": \"UTC\", \"quiet_hours\": {\"from\": \"22:00\", \"to\": \"07:00\", \"except\": 1}} |"
                        + " quiet_hours.except",
                "{\"time_zone\": \"UTC\", \"quiet_hours\": {\"from\": \"22:00\", \"to\": \"07:00\", \"except\":"
                        + " [\"error\"]}} | quiet_hours.except[0]",
                "{\"telegram_chat_id\": \"a b\"} | telegram_chat_id",
                "{\"telegram_chat_id\": 1.5} | telegram_chat_id",
                "{\"telegram_chat_id\": 12345678901234567890} | telegram_chat_id",
                "{\"webhook_endpoint\": \"1-1-1-1-1\"} | webhook_endpoint",
                "{\"kinds\": []} | kinds",
                "{\"kinds\": {\"posts\": []}} | kinds.posts",
                "{\"kinds\": {\"incident.VERY BAD\": []}} | kinds.incident.VERY BAD",
                "{\"kinds\": {\"incident\": \"email\"}} | kinds.incident",
                "{\"kinds\": {\"incident\": [\"fax\"]}} | kinds.incident",
                "{\"kinds\": {\"incident\": [\"email\", \"email\"]}} | kinds.incident",
                "{\"kinds\": {\"incident\": [\"telegram\"]}} | kinds.incident",
                "{\"kinds\": {\"incident\": [\"webhook\"]}} | kinds.incident",
            })
    void what_cannot_be_kept_is_refused(String body, String fields) {
        Http.Answer answer = put(person(), body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly(fields.split(","));
    }

    @Test
    void only_people_with_an_account_have_preferences() {
        Http nobody = TestIngest.shared().with(TestKeys.shared().person(UUID.randomUUID()));
        Http service = TestIngest.shared().with(TestKeys.shared().operator());

        assertThat(nobody.get(PATH).status()).isEqualTo(404);
        assertThat(put(nobody, "{}").status()).isEqualTo(404);
        assertThat(service.get(PATH).status()).isEqualTo(403);
        assertThat(TestIngest.shared().anonymous().get(PATH).status()).isEqualTo(401);
    }
}
