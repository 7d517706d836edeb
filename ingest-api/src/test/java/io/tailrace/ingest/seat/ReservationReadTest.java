package io.tailrace.ingest.seat;

import static io.tailrace.ingest.seat.TestShows.body;
import static io.tailrace.ingest.seat.TestShows.somebody;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.SeatProjections;
import io.tailrace.ingest.testing.TestDecider;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class ReservationReadTest {
    private final UUID show = TestShows.offer();
    private final String path = "/shows/" + show + "/reservations";
    private final UUID person = UUID.randomUUID();
    private final Http http = TestIngest.shared().with(TestKeys.shared().person(person));

    @AfterEach
    void goOn() {
        TestDecider.shared().goOn();
    }

    @Test
    void it_shows_each_state() throws Exception {
        Http.Answer held = http.post(path, body("A-1-1"));
        String reservation = "/reservations/" + held.body().path("id").asText();
        SeatProjections.copySeats();
        assertThat(http.get(reservation).body()).isEqualTo(held.body());

        http.send("POST", reservation + "/confirm", null);
        SeatProjections.copySeats();
        Http.Answer confirmed = http.get(reservation);

        assertThat(confirmed.status()).isEqualTo(200);
        assertThat(confirmed.body().path("state").asText()).isEqualTo("confirmed");
        assertThat(confirmed.body().has("expires_at")).isFalse();
        assertThat(confirmed.header("Tailrace-Stale")).isEmpty();
    }

    @Test
    void one_that_is_not_decided_is_pending_and_one_that_was_refused_says_why() throws Exception {
        TestDecider.shared().holdBack();
        Http.Answer pending = http.header("Prefer", "wait=0").post(path, body("A-1-1"));
        SeatProjections.copySeats();

        assertThat(http.get(pending.header("Location")).body()).isEqualTo(pending.body());

        TestDecider.shared().goOn();
        somebody().post(path, body("A-1-2"));
        Http keyed = http.header("Prefer", "wait=0");
        Http.Answer refused = keyed.header("Idempotency-Key", "k").post(path, body("A-1-2"));
        assertThat(refused.status()).isIn(202, 409);
        Http.Answer decided = http.header("Idempotency-Key", "k").post(path, body("A-1-2"));
        assertThat(decided.status()).isEqualTo(409);
        SeatProjections.copySeats();
        String id = SeatProjections.refusedHold(show);

        Http.Answer answer = http.get("/reservations/" + id);

        assertThat(answer.body().path("state").asText()).isEqualTo("refused");
        assertThat(answer.body().path("reason").asText()).isEqualTo("not_free");
    }

    @Test
    void another_persons_and_one_that_nobody_has_are_404() throws Exception {
        String id = somebody().post(path, body("A-1-1")).body().path("id").asText();
        SeatProjections.copySeats();

        assertThat(http.get("/reservations/" + id).status()).isEqualTo(404);
        assertThat(http.get("/reservations/" + UUID.randomUUID()).status()).isEqualTo(404);
    }

    @Test
    void another_server_finds_it_and_confirms_it_once_the_projection_has_it() throws Exception {
        String id = http.post(path, body("A-1-1")).body().path("id").asText();
        try (TestIngest other = TestIngest.start(Map.of("tailrace.projection-wait.max-wait", "200ms"))) {
            Http there = other.with(TestKeys.shared().person(person));
            assertThat(there.get("/reservations/" + id).status()).isEqualTo(503);
            SeatProjections.copySeats();

            assertThat(there.get("/reservations/" + id).body().path("state").asText())
                    .isEqualTo("held");
            assertThat(there.send("POST", "/reservations/" + id + "/confirm", null)
                            .status())
                    .isEqualTo(200);
            Http.Answer stale = there.get("/reservations/" + id);
            assertThat(stale.body().path("state").asText()).isEqualTo("held");
            assertThat(stale.header("Tailrace-Stale")).isEqualTo("true");
        }
    }
}
