package io.tailrace.ingest.seat;

import static io.tailrace.ingest.seat.TestShows.body;
import static io.tailrace.ingest.seat.TestShows.somebody;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestDecider;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestLog;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class ReservationTest {
    private final UUID show = TestShows.offer();
    private final Http http = somebody();
    private final String path = "/shows/" + show + "/reservations";

    @Test
    void free_seats_are_held_for_the_time_of_the_show() {
        Instant before = Instant.now();

        Http.Answer answer = http.post(path, body("A-1-1", "A-1-2"));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertThat(answer.body().fieldNames())
                .toIterable()
                .containsExactly("id", "show_id", "state", "seats", "expires_at");
        assertThat(answer.body().path("state").asText()).isEqualTo("held");
        assertThat(answer.body().path("seats").toString()).isEqualTo("[\"A-1-1\",\"A-1-2\"]");
        assertThat(Instant.parse(answer.body().path("expires_at").asText()))
                .isBetween(before.plusSeconds(59), Instant.now().plusSeconds(60));
        assertThat(answer.header("Location")).isEqualTo("/reservations/" + id(answer));
        assertThat(answer.header("Preference-Applied")).isEmpty();
        assertThat(answer.header("Idempotency-Replayed")).isEmpty();
    }

    @Test
    void they_are_held_as_long_as_the_buyer_says() {
        Http.Answer answer = http.post(path, "{\"seats\": [\"A-1-1\"], \"hold_seconds\": 120}");

        assertThat(Instant.parse(answer.body().path("expires_at").asText()))
                .isAfter(Instant.now().plusSeconds(100));
    }

    @Test
    void if_one_is_not_free_none_is_held_and_the_answer_names_it() {
        somebody().post(path, body("A-1-2"));

        Http.Answer answer = http.post(path, body("A-1-1", "A-1-2"));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("seats-not-free");
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body().path("seats").toString()).isEqualTo("[\"A-1-2\"]");
        assertThat(answer.body().path("errors").toString())
                .isEqualTo("[{\"field\":\"seats[1]\",\"message\":\"\\\"A-1-2\\\" is not free\"}]");
        assertThat(http.post(path, body("A-1-1")).status()).isEqualTo(201);
    }

    @Test
    void a_hold_is_confirmed_and_a_confirmation_is_final() {
        String reservation = held("A-1-1");

        Http.Answer answer = step("POST", reservation + "/confirm");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().toString())
                .isEqualTo("{\"id\":\"" + reservation + "\",\"show_id\":\"" + show
                        + "\",\"state\":\"confirmed\",\"seats\":[\"A-1-1\"]}");
        isConflict(step("POST", reservation + "/confirm"), "already-confirmed");
        isConflict(step("DELETE", reservation), "already-confirmed");
    }

    @Test
    void a_hold_is_released_and_its_seats_are_free_again() {
        String reservation = held("A-1-1");

        Http.Answer answer = step("DELETE", reservation);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("state").asText()).isEqualTo("released");
        isConflict(step("DELETE", reservation), "already-released");
        isConflict(step("POST", reservation + "/confirm"), "already-released");
        assertThat(somebody().post(path, body("A-1-1")).status()).isEqualTo(201);
    }

    @Test
    void a_hold_that_ran_out_is_neither_confirmed_nor_released() {
        String reservation = held("A-1-1");
        TestDecider.shared().expire(UUID.fromString(reservation));

        isConflict(step("POST", reservation + "/confirm"), "reservation-expired");
        isConflict(step("DELETE", reservation), "reservation-expired");
    }

    @Test
    void another_persons_reservation_is_not_there() {
        String reservation = held("A-1-1");
        Http other = somebody();

        assertThat(other.send("POST", "/reservations/" + reservation + "/confirm", null)
                        .status())
                .isEqualTo(404);
        assertThat(other.send("DELETE", "/reservations/" + reservation, null).status())
                .isEqualTo(404);
        assertThat(step("POST", reservation + "/confirm").status()).isEqualTo(200);
    }

    @Test
    void a_show_that_nobody_offers_is_404_and_one_that_has_begun_409() {
        UUID begun = TestShows.offer(Instant.now().minusSeconds(1));

        assertThat(http.post("/shows/" + UUID.randomUUID() + "/reservations", body("A-1-1"))
                        .status())
                .isEqualTo(404);
        isConflict(http.post("/shows/" + begun + "/reservations", body("A-1-1")), "show-started");
    }

    @Test
    void nobody_gets_more_seats_than_the_show_allows() {
        held("A-1-1", "A-1-2", "A-1-3");

        isConflict(http.post(path, body("A-1-4", "A-1-5")), "too-many-seats");
        assertThat(http.post(path, body("A-1-4")).status()).isEqualTo(201);
    }

    @Test
    void seats_that_the_show_does_not_have_are_400_and_named() {
        Http.Answer answer = http.post(path, body("A-1-1", "A-10-1", "Z-1-1"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("unknown-seats");
        assertThat(answer.body().path("seats").toString()).isEqualTo("[\"A-10-1\",\"Z-1-1\"]");
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly("seats[1]", "seats[2]");
    }

    @Test
    void a_hold_that_is_longer_than_the_show_allows_is_400() {
        Http.Answer answer = http.post(path, "{\"seats\": [\"A-1-1\"], \"hold_seconds\": 121}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("hold-too-long");
        assertThat(answer.body().at("/errors/0/field").asText()).isEqualTo("hold_seconds");
        assertThat(answer.body().at("/errors/0/message").asText()).startsWith("121, expected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | seats",
                "{\"seats\": null} | seats",
                "{\"seats\": []} | seats",
                "{\"seats\": \"A-1-1\"} | seats",
                "{\"seats\": [\"A-1-1\", \"A-1-2\", \"A-1-1\"]} | seats[2]",
                "{\"seats\": [null]} | seats[0]",
                "{\"seats\": [7]} | seats[0]",
                "{\"seats\": [\"A-01-1\"]} | seats[0]",
                "{\"seats\": [\"A-1-1'; drop table shows\"]} | seats[0]",
                "{\"seats\": [\"A-1-1\"], \"hold_seconds\": 0} | hold_seconds",
                "{\"seats\": [\"A-1-1\"], \"hold_seconds\": -5} | hold_seconds",
                "{\"seats\": [\"A-1-1\"], \"hold_seconds\": 31536000} | hold_seconds",
                "{\"seats\": [\"A-1-1\"], \"hold_seconds\": \"60\"} | hold_seconds",
                "{\"seats\": [\"A-1-1\"], \"row\": 1} | row",
            })
    void what_is_not_a_reservation_is_400_and_never_in_the_log(String body, String field) {
        Http.Answer answer = http.post(path, body);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("validation");
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly(field);
        assertThat(TestLog.events(Topics.SEAT_COMMANDS, show.toString())).isEmpty();
    }

    @Test
    void ten_thousand_seats_are_400_and_so_is_what_is_not_json() {
        String many = IntStream.range(1, 10_001)
                .mapToObj(i -> "\"A-" + (i / 100 + 1) + "-" + (i % 100 + 1) + "\"")
                .collect(Collectors.joining(",", "{\"seats\":[", "]}"));

        Http.Answer answer = http.post(path, many);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().at("/errors/0/message").asText()).isEqualTo("10000 seats, expected 1 to 100");
        assertThat(http.post(path, "{\"seats\"").problem()).isEqualTo("malformed-json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1-1-1-1-1", "%00", "{id}"})
    void what_is_not_an_id_is_400(String id) {
        String escaped = id.replace("{", "%7B").replace("}", "%7D");

        assertThat(http.post("/shows/" + escaped + "/reservations", body("A-1-1"))
                        .status())
                .isEqualTo(400);
        assertThat(step("POST", escaped + "/confirm").status()).isEqualTo(400);
        assertThat(step("DELETE", escaped).status()).isEqualTo(400);
        assertThat(http.get("/reservations/" + escaped).status()).isEqualTo(400);
    }

    @Test
    void everything_needs_a_token() {
        Http nobody = TestIngest.shared().anonymous();
        String reservation = "/reservations/" + UUID.randomUUID();

        assertThat(nobody.post(path, body("A-1-1")).status()).isEqualTo(401);
        assertThat(nobody.send("POST", reservation + "/confirm", null).status()).isEqualTo(401);
        assertThat(nobody.send("DELETE", reservation, null).status()).isEqualTo(401);
        assertThat(nobody.get(reservation).status()).isEqualTo(401);
    }

    private String held(String... seats) {
        Http.Answer answer = http.post(path, body(seats));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return id(answer);
    }

    private Http.Answer step(String method, String reservation) {
        return http.send(method, "/reservations/" + reservation, null);
    }

    private static String id(Http.Answer answer) {
        JsonNode id = answer.body().path("id");
        return id.asText();
    }

    private static void isConflict(Http.Answer answer, String problem) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo(problem);
    }
}
