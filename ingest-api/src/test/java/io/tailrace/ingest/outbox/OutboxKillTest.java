package io.tailrace.ingest.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.IngestProcess;
import io.tailrace.ingest.testing.People;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.ingest.testing.TestPostgres;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class OutboxKillTest {
    private final TestPostgres postgres = TestPostgres.create();

    @Test
    void a_user_whose_service_was_killed_between_commit_and_publish_becomes_one_event() {
        String id;
        // Its broker is away, so it commits and does not get to publish.
        try (IngestProcess process = new IngestProcess(
                Map.of("tailrace.postgres.url", postgres.url(), "tailrace.kafka.bootstrap", "127.0.0.1:1"))) {
            Http.Answer answer = process.anonymous().post("/auth/register", People.registration(People.freshEmail()));
            assertThat(answer.status()).isEqualTo(201);
            id = answer.body().path("id").asText();
            process.kill();
        }
        String eventId = postgres.column("select event_id from outbox").getFirst();

        try (TestIngest next = TestIngest.start(Map.of("tailrace.postgres.url", postgres.url()))) {
            Eventually.holds("the outbox is empty", () -> postgres.column("select id from outbox")
                    .isEmpty());
        }

        assertThat(TestLog.events(Topics.USERS, id))
                .extracting(logged -> logged.event().id())
                .containsExactly(eventId);
    }
}
