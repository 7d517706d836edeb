package io.tailrace.ingest.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.People;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.ingest.testing.TestPostgres;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class OutboxTest {
    private final TestPostgres postgres = TestPostgres.create();

    @Test
    void a_registered_user_becomes_an_event_and_the_row_is_gone() {
        try (TestIngest server = server(Map.of())) {
            Http.Answer answer = server.anonymous().post("/auth/register", People.registration(People.freshEmail()));

            String id = answer.body().path("id").asText();
            Eventually.holds("the event is in the log", () -> !events(id).isEmpty());
            Eventually.holds("the outbox is empty", () -> outbox().isEmpty());
            assertThat(events(id)).singleElement().satisfies(logged -> {
                assertThat(logged.event().type()).isEqualTo("user_registered");
                assertThat(logged.key()).isEqualTo(id);
                assertThat(logged.data())
                        .contains("\"name\":\"Ada Lovelace\"", "\"created_at\":")
                        .doesNotContain("password", "argon2");
            });
        }
    }

    @Test
    void what_was_stored_while_nobody_relayed_is_sent_in_the_order_of_each_key() {
        List<String> keys = IntStream.range(0, 5)
                .mapToObj(i -> UUID.randomUUID().toString())
                .toList();
        for (int n = 0; n < 1000; n++) {
            store(Topics.POSTS, keys.get(n % keys.size()), "{\"n\":" + n + "}");
        }

        try (TestIngest server = server(Map.of("tailrace.outbox.batch-size", 7))) {
            Eventually.holds("the outbox is empty", () -> outbox().isEmpty());
        }

        for (int k = 0; k < keys.size(); k++) {
            int first = k;
            assertThat(TestLog.events(Topics.POSTS, keys.get(k)))
                    .extracting(TestLog.Logged::data)
                    .containsExactlyElementsOf(IntStream.range(0, 200)
                            .mapToObj(i -> "{\"n\":" + (first + i * keys.size()) + "}")
                            .toList());
        }
    }

    @Test
    void an_event_that_can_never_be_sent_holds_back_its_own_key_alone() {
        String poisoned = UUID.randomUUID().toString();
        String healthy = UUID.randomUUID().toString();
        store("tailrace.no-such-topic", poisoned, "{}");
        store(Topics.POSTS, poisoned, "\"" + "x".repeat(2_000_000) + "\"");
        store(Topics.POSTS, poisoned, "{\"n\":1}");
        store(Topics.POSTS, healthy, "{\"n\":2}");

        try (TestIngest server = server(Map.of())) {
            Eventually.holds("the healthy one is sent", () -> !TestLog.events(Topics.POSTS, healthy)
                    .isEmpty());
            Eventually.holds("the other three stay", () -> outbox().size() == 3);
        }

        assertThat(TestLog.events(Topics.POSTS, poisoned)).isEmpty();
    }

    @Test
    void of_two_relays_one_is_active_and_the_other_takes_over() {
        TestIngest first = server(Map.of());
        Eventually.holds("the first is active", () -> locks() == 1);
        try (TestIngest second = server(Map.of())) {
            first.close();
            String key = UUID.randomUUID().toString();
            store(Topics.POSTS, key, "{}");

            Eventually.holds(
                    "the second sends", () -> TestLog.events(Topics.POSTS, key).size() == 1);
        }
    }

    @Test
    void a_registration_that_is_refused_makes_no_event() {
        String email = People.freshEmail();
        try (TestIngest server = server(Map.of("tailrace.outbox.relay-enabled", false))) {
            server.anonymous().post("/auth/register", People.registration(email));
            int before = outbox().size();

            server.anonymous().post("/auth/register", People.registration(email));

            assertThat(before).isEqualTo(1);
            assertThat(outbox()).hasSize(1);
        }
    }

    private TestIngest server(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("tailrace.postgres.url", postgres.url());
        return TestIngest.start(all);
    }

    private void store(String topic, String key, String data) {
        postgres.update(
                "insert into outbox (event_id, topic, record_key, type, source, time, data)"
                        + " values (?, ?, ?, 'stored', '/test', now(), ?)",
                UUID.randomUUID(),
                topic,
                key,
                data);
    }

    private List<String> outbox() {
        return postgres.column("select id from outbox");
    }

    /** Processes hold a shared one, too, to show that they live. */
    private int locks() {
        return postgres.column("select 1 from pg_locks l join pg_database d on d.oid = l.database where l.locktype ="
                        + " 'advisory' and l.mode = 'ExclusiveLock' and d.datname = current_database()")
                .size();
    }

    private static List<TestLog.Logged> events(String user) {
        return TestLog.events(Topics.USERS, user);
    }
}
