package io.tailrace.ingest.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.IngestProcess;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.ingest.testing.TestPostgres;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that is killed in the middle of a request, whose lease would run for an hour. */
@Tag("server")
class DeadProcessTest {
    private static final Logger LOG = LoggerFactory.getLogger(DeadProcessTest.class);
    private static final String EVENT = "{\"type\": \"once\", \"data\": 1}";

    private final TestPostgres database = TestPostgres.create();
    private final String key = UUID.randomUUID().toString();
    private final String room = "chat:" + UUID.randomUUID();
    private final String token = TestKeys.shared().publisher("chat:*");

    @Test
    void the_retry_of_a_request_whose_process_was_killed_is_made_at_once_and_of_one_whose_process_lives_not()
            throws Exception {
        Map<String, Object> stuck = settings();
        // Nobody answers there, so that the request stays where it is.
        stuck.put("tailrace.kafka.bootstrap", "127.0.0.1:1");
        stuck.put("tailrace.log.max-block", "10m");
        try (TestIngest server = TestIngest.start(settings());
                IngestProcess process = new IngestProcess(stuck);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Eventually.holds("both show that they live", () -> locks() == 2);
            var cut = threads.submit(() -> post(process.with(token)));
            Eventually.holds("it is being made", () -> pending() == 1);
            assertThat(post(server.with(token)).status()).isEqualTo(409);

            process.kill();

            long killedNs = System.nanoTime();
            Eventually.holds(
                    "the retry has its answer", () -> post(server.with(token)).status() == 202);
            LOG.info("the retry had its answer {} ms after the kill", (System.nanoTime() - killedNs) / 1_000_000);
            assertThat(TestLog.events("tailrace.channels.chat", room)).hasSize(1);
            assertThat(post(server.with(token)).header("Idempotency-Replayed")).isEqualTo("true");
            assertThat(cut).failsWithin(Duration.ofSeconds(60));
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("tailrace.postgres.url", database.url());
        settings.put("tailrace.idempotency.lease", "1h");
        return settings;
    }

    private Http.Answer post(Http http) {
        return http.header("Idempotency-Key", key).post("/channels/" + room + "/events", EVENT);
    }

    private int pending() {
        return database.column("select key from idempotency_keys where state = 'pending' and key = ?", key)
                .size();
    }

    private int locks() {
        List<String> locks = database.column("select objid::text from pg_locks where locktype = 'advisory'"
                + " and mode = 'ShareLock' and granted"
                + " and database = (select oid from pg_database where datname = current_database())");
        return locks.size();
    }
}
