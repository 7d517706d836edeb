package io.tailrace.ingest.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.SeatProjections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.ingest.testing.TestPostgres;
import io.tailrace.kit.json.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class ShowTest {
    private static final String BODY =
            """
            {"name": "Hamlet", "starts_at": "2099-01-01T19:30:00+01:00",
             "sections": [{"name": "B", "rows": 1, "seats_per_row": 2, "price": 12.50},
                          {"name": "A", "rows": 2, "seats_per_row": 1, "price": 0}]}""";

    private final Http organizer = TestIngest.shared().with(TestKeys.shared().organizer());

    @Test
    void a_show_is_in_the_log_when_it_is_answered_with_all_of_its_seats() {
        Http.Answer answer = organizer.post("/shows", BODY);

        assertThat(answer.status()).isEqualTo(201);
        String id = answer.body().path("id").asText();
        assertThat(answer.header("Location")).isEqualTo("/shows/" + id);
        assertThat(answer.body().path("starts_at").asText()).isEqualTo("2099-01-01T18:30:00Z");
        assertThat(answer.body().path("seats").toString()).isEqualTo("[\"B-1-1\",\"B-1-2\",\"A-1-1\",\"A-2-1\"]");
        assertThat(answer.body().path("sections").get(0).toString())
                .isEqualTo("{\"name\":\"B\",\"rows\":1,\"seats_per_row\":2,\"price\":12.5}");
        assertThat(answer.body().has("organizer_id")).isFalse();
        assertThat(TestLog.events(Topics.SHOWS, id)).singleElement().satisfies(logged -> {
            assertThat(logged.event().type()).isEqualTo("show_created");
            assertThat(logged.data())
                    .contains("\"hold_seconds\":300", "\"max_hold_seconds\":900", "\"max_seats_per_user\":10");
        });
    }

    @Test
    void anyone_reads_it_as_soon_as_it_was_answered() {
        String id = organizer.post("/shows", BODY).body().path("id").asText();

        Http.Answer answer = TestIngest.shared().anonymous().get("/shows/" + id);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("name").asText()).isEqualTo("Hamlet");
    }

    @Test
    void another_server_reads_it_once_the_projection_has_it_and_says_503_until_then() throws Exception {
        Map<String, Object> impatient = Map.of("tailrace.projection-wait.max-wait", "100ms");
        String id = organizer.post("/shows", BODY).body().path("id").asText();
        try (TestIngest other = TestIngest.start(impatient)) {
            assertThat(other.anonymous().get("/shows/" + id).status()).isEqualTo(503);

            SeatProjections.copyShows();

            Http.Answer answer = other.anonymous().get("/shows/" + id);
            assertThat(answer.body())
                    .isEqualTo(
                            TestIngest.shared().anonymous().get("/shows/" + id).body());
            assertThat(other.anonymous().get("/shows/" + UUID.randomUUID()).status())
                    .isEqualTo(404);
        }
    }

    @Test
    void shows_are_listed_the_newest_first_page_by_page() throws Exception {
        for (int i = 0; i < 3; i++) {
            organizer.post("/shows", BODY);
        }
        SeatProjections.copyShows();
        Http anyone = TestIngest.shared().anonymous();

        Http.Answer all = anyone.get("/shows?limit=3");
        Http.Answer first = anyone.get("/shows?limit=2");
        Http.Answer second =
                anyone.get("/shows?limit=1&before=" + first.body().path("next").asText());

        List<String> ids = all.body().path("shows").findValuesAsText("id");
        assertThat(ids).hasSize(3).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(first.body().path("shows").findValuesAsText("id")).isEqualTo(ids.subList(0, 2));
        assertThat(second.body().path("shows").findValuesAsText("id")).isEqualTo(ids.subList(2, 3));
        assertThat(all.header("Tailrace-Stale")).isEmpty();
    }

    @Test
    void a_list_that_may_lack_the_newest_says_so() {
        organizer.post("/shows", BODY);
        try (TestIngest other = TestIngest.start(Map.of("tailrace.projection-wait.max-wait", "50ms"))) {
            Http.Answer answer = other.anonymous().get("/shows");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Tailrace-Stale")).isEqualTo("true");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=201", "limit=x", "before=x"})
    void a_page_that_cannot_be_is_400_and_says_why(String query) {
        Http.Answer answer = TestIngest.shared().anonymous().get("/shows?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field"))
                .containsExactly(query.substring(0, query.indexOf('=')));
    }

    @Test
    void the_same_key_gives_the_same_show_and_with_another_body_422() {
        Http keyed = organizer.header("Idempotency-Key", UUID.randomUUID().toString());

        Http.Answer first = keyed.post("/shows", BODY);
        Http.Answer again = keyed.post("/shows", BODY);
        Http.Answer other = keyed.post("/shows", BODY.replace("Hamlet", "Macbeth"));

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
    }

    @Test
    void it_needs_a_token_and_the_role() {
        Http somebody = TestIngest.shared().with(TestKeys.shared().person(UUID.randomUUID()));

        assertThat(TestIngest.shared().anonymous().post("/shows", BODY).status())
                .isEqualTo(401);
        assertThat(somebody.post("/shows", BODY).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"Hamlet\" | \"\" | name",
                "\"Hamlet\" | 5 | name",
                "2099-01-01T19:30:00+01:00 | 2020-01-01T00:00:00Z | starts_at",
                "2099-01-01T19:30:00+01:00 | +999999999-01-01T00:00:00Z | starts_at",
                "2099-01-01T19:30:00+01:00 | tomorrow | starts_at",
                "\"rows\": 1, | | sections[0].rows",
                "\"rows\": 1, | \"rows\": 0, | sections[0].rows",
                "\"rows\": 1, | \"rows\": 1001, | sections[0].rows",
                "\"rows\": 1, | \"rows\": 1.5, | sections[0].rows",
                "\"seats_per_row\": 2 | \"seats_per_row\": -2 | sections[0].seats_per_row",
                "12.50 | -1 | sections[0].price",
                "12.50 | 0.00001 | sections[0].price",
                "12.50 | 1e400 | sections[0].price",
                "12.50 | null | sections[0].price",
                "\"B\" | \"B-1\" | sections[0].name",
                "\"B\" | \"A\" | sections[1].name",
                "\"name\": \"Hamlet\" | \"name\": \"Hamlet\", \"hold_seconds\": 0 | hold_seconds",
                "\"name\": \"Hamlet\" | \"name\": \"Hamlet\", \"hold_seconds\": 31536000 | hold_seconds",
                "\"name\": \"Hamlet\" | \"name\": \"Hamlet\", \"max_hold_seconds\": 3601 | max_hold_seconds",
                "\"name\": \"Hamlet\" | \"name\": \"Hamlet\", \"hold_seconds\": 9, \"max_hold_seconds\": 8 |"
                        + " hold_seconds",
                "\"name\": \"Hamlet\" | \"name\": \"Hamlet\", \"max_seats_per_user\": 0 | max_seats_per_user",
                "\"name\": \"Hamlet\" | \"name\": \"Hamlet\", \"max_seats_per_user\": 101 | max_seats_per_user",
                "\"name\": \"Hamlet\" | \"name\": \"Hamlet\", \"encore\": true | encore",
            })
    void what_is_not_a_show_is_400_and_says_where(String good, String bad, String field) {
        Http.Answer answer = organizer.post("/shows", BODY.replace(good, bad == null ? "" : bad));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"sections\": []",
                "\"sections\": null",
                "\"sections\": [{\"name\":\"A\",\"rows\":1000,\"seats_per_row\":1000,\"price\":1}]"
            })
    void no_seats_and_too_many_seats_are_400(String sections) {
        Http.Answer answer = organizer.post(
                "/shows", "{\"name\": \"x\", \"starts_at\": \"2099-01-01T00:00:00Z\", " + sections + "}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly("sections");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "42", "1-1-1-1-1", "%00"})
    void what_is_not_an_id_is_400(String id) {
        assertThat(TestIngest.shared().anonymous().get("/shows/" + id).status()).isEqualTo(400);
    }

    @Test
    void what_was_right_when_it_was_first_sent_is_answered_again_after_the_show_has_begun() throws Exception {
        Instant first = Instant.now().minus(Duration.ofHours(2));
        Instant startsAt = first.plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
        String organizer = UUID.randomUUID().toString();
        String key = UUID.randomUUID().toString();
        String body = "{\"name\": \"Hamlet\", \"starts_at\": \"" + startsAt
                + "\", \"sections\": [{\"name\": \"A\", \"rows\": 1, \"seats_per_row\": 1, \"price\": 1}]}";
        NewShow asked = new NewShow(
                "Hamlet", startsAt, List.of(new NewShow.NewSection("A", 1, 1, BigDecimal.ONE)), null, null, null);
        UUID seed =
                new UUID(first.toEpochMilli() << 16 | 0x7000L, UUID.randomUUID().getLeastSignificantBits());
        // An attempt that had its effect and died before it stored its answer.
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        hash.update("POST\n/shows\n".getBytes(StandardCharsets.UTF_8));
        TestPostgres.shared()
                .update(
                        "insert into idempotency_keys (subject, key, request_hash, state, body, expires_at)"
                                + " values (?, ?, ?, 'pending', ?, now())",
                        "subject:" + organizer,
                        key,
                        hash.digest(Json.write(asked)),
                        seed.toString());

        Http.Answer retry = TestIngest.shared()
                .with(TestKeys.shared().sign(TestKeys.shared().claims(organizer).claim("roles", List.of("organizer"))))
                .header("Idempotency-Key", key)
                .post("/shows", body);

        assertThat(retry.status()).as(retry.body().toString()).isEqualTo(201);
        assertThat(retry.body().path("id").asText()).isEqualTo(seed.toString());
    }
}
