package io.tailrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.backends.LateName;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.People;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.ingest.testing.TestPostgres;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service whose brokers' and database's names do not resolve, at its start and for a while. */
@Timeout(300)
@Tag("server")
class UnknownHostTest {
    private final LateName broker = new LateName();
    private final LateName database = new LateName();

    @Test
    void startsSaysWhatIsMissingAndWorksWhenTheNamesResolve() {
        // given
        Map<String, Object> settings = Map.of(
                "tailrace.kafka.bootstrap",
                broker.of(TestBroker.shared().settings().bootstrap()),
                "tailrace.postgres.url",
                TestPostgres.create().url().replaceFirst("//[^:/]+:", "//" + database.host() + ":"),
                "tailrace.log.max-block",
                "1s");
        try (TestIngest server = TestIngest.start(settings)) {
            Http person = server.with(TestKeys.shared().person(UUID.randomUUID()));

            // then
            awaitMissing(person, "seat-decisions", "No resolvable bootstrap");
            awaitMissing(person, "topics-at-start", "No resolvable bootstrap");
            awaitMissing(person, "outbox-relay", database.host());
            assertThat(person.get("/health/readiness").status()).isEqualTo(200);

            // when
            broker.appear();
            database.appear();

            // then
            Eventually.holds("everything is well", () -> {
                String health = person.get("/health").body().toString();
                return health.contains("\"seat-decisions\":\"running\"")
                        && health.contains("\"topics-at-start\":\"idle\"")
                        && health.contains("\"outbox-relay\":\"running\"");
            });
            Http.Answer answer = server.anonymous().post("/auth/register", People.registration(People.freshEmail()));
            String id = answer.body().path("id").asText();
            Eventually.holds(
                    "the relay carries", () -> !TestLog.events(Topics.USERS, id).isEmpty());
        }
    }

    private static void awaitMissing(Http person, String loop, String reason) {
        Eventually.holds("health says what is missing: " + loop, () -> person.get("/health")
                .body()
                .at("/details/ingest-loops/details/" + loop + "/retrying")
                .asText()
                .contains(reason));
    }
}
