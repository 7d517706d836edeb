package io.tailrace.ingest.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.ingest.testing.TestPostgres;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a service leaves behind that dies in the middle of a request: a pending key, and some, all or none of the events.
 * The state is made by rewinding a finished request to that point.
 */
@Tag("server")
class InterruptedRequestTest {
    private static final String THREE =
            "[{\"type\": \"a\", \"data\": 1}, {\"type\": \"b\", \"data\": 2}, {\"type\": \"c\", \"data\": 3}]";

    private final String key = UUID.randomUUID().toString();
    private final String room = "chat:" + UUID.randomUUID();
    private final String path = "/channels/" + room + "/events";
    private final Http keyed =
            TestIngest.shared().with(TestKeys.shared().publisher("chat:*")).header("Idempotency-Key", key);

    @Test
    void an_event_that_the_first_attempt_published_is_found_and_not_published_again() {
        Http.Answer first = keyed.post(path, THREE);
        rewind(first.body().at("/events/0/id"));

        Http.Answer resumed = keyed.post(path, THREE);
        Http.Answer replayed = keyed.post(path, THREE);

        assertThat(resumed.status()).isEqualTo(202);
        assertThat(resumed.body()).isEqualTo(first.body());
        assertThat(replayed.body()).isEqualTo(first.body());
        assertThat(replayed.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(logged()).containsExactly("a", "b", "c");
    }

    @Test
    void events_that_the_first_attempt_did_not_get_to_are_published_with_the_ids_that_they_would_have_had() {
        String before = "{\"type\": \"before\", \"data\": 0}";
        Http other = TestIngest.shared().with(TestKeys.shared().publisher("chat:*"));
        other.post(path, before);
        Stamp stamp = TestIngest.shared().bean(Stamps.class).next();
        Http.Answer whole = keyed.post(path, THREE);
        forgetInFavourOf(stamp);

        Http.Answer resumed = keyed.post(path, THREE);

        assertThat(whole.status()).isEqualTo(202);
        assertThat(resumed.body().path("events").findValuesAsText("id"))
                .containsExactly(
                        stamp.id(0).toString(),
                        stamp.id(1).toString(),
                        stamp.id(2).toString());
        assertThat(logged()).containsExactly("before", "a", "b", "c", "a", "b", "c");
    }

    @Test
    void while_the_lease_of_the_first_attempt_runs_a_retry_is_409() {
        Http.Answer first = keyed.post(path, THREE);
        rewind(first.body().at("/events/0/id"));
        TestPostgres.shared()
                .update("update idempotency_keys set expires_at = now() + interval '1 minute' where key = ?", key);

        Http.Answer retry = keyed.post(path, THREE);

        assertThat(retry.status()).isEqualTo(409);
        assertThat(retry.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void when_the_log_was_away_the_same_key_gives_the_outcome() {
        Map<String, Object> away = Map.of(
                "tailrace.kafka.bootstrap",
                "127.0.0.1:1",
                "tailrace.log.max-block",
                "200ms",
                "tailrace.log.delivery-timeout",
                "600ms");
        Http.Answer refused;
        try (TestIngest server = TestIngest.start(away)) {
            refused = server.with(TestKeys.shared().publisher("chat:*"))
                    .header("Idempotency-Key", key)
                    .post(path, THREE);
        }

        Http.Answer resumed = keyed.post(path, THREE);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(resumed.status()).isEqualTo(202);
        assertThat(logged()).containsExactly("a", "b", "c");
    }

    /** Makes the key as it was when its events were in the log and its answer was not stored. */
    private void rewind(JsonNode firstId) {
        TestPostgres.shared()
                .update(
                        "update idempotency_keys set state = 'pending', status = null, body = ?, expires_at = now()"
                                + " where key = ?",
                        firstId.asText(),
                        key);
    }

    /** Makes the key as if another attempt, with another stamp, had died before it published anything. */
    private void forgetInFavourOf(Stamp stamp) {
        TestPostgres.shared()
                .update(
                        "update idempotency_keys set state = 'pending', status = null, body = ?, expires_at = now()"
                                + " where key = ?",
                        stamp.seed().toString(),
                        key);
    }

    private List<String> logged() {
        return TestLog.events("tailrace.channels.chat", room).stream()
                .map(logged -> logged.event().type())
                .toList();
    }
}
