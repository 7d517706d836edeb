package io.tailrace.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.JobProjections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestJobDecider;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestPostgres;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class JobReadTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678901Z");

    private final Http http = TestIngest.shared().with(TestKeys.shared().operator());
    private final TestPostgres database = TestPostgres.shared();

    @BeforeEach
    void empty() {
        database.update("truncate jobs, job_attempts, job_counts, job_minutes, job_queues");
        JobProjections.catchUp();
    }

    @Test
    void a_job_is_shown_with_its_payload_its_attempts_and_its_last_error() {
        UUID id = JobProjections.job("default", "email", "running", AT);
        database.update("update jobs set payload = '{\"to\":\"\\u0000\"}', attempt = 2, progress_attempt = 2,"
                + " progress_fraction = 0.25, progress_message = 'a quarter', worker = 'w' where id = '" + id + "'");
        JobProjections.attempt(id, 1, "failed", "io");
        JobProjections.attempt(id, 2, null, null);

        Http.Answer answer = http.get("/jobs/" + id);

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        assertThat(answer.header("Tailrace-Stale")).isEmpty();
        JsonNode job = answer.body();
        assertThat(job.path("state").asText()).isEqualTo("running");
        assertThat(job.path("payload").path("to").asText()).isEqualTo("\0");
        assertThat(job.path("progress").toString()).isEqualTo("{\"fraction\":0.25,\"message\":\"a quarter\"}");
        assertThat(job.path("last_error").toString())
                .isEqualTo("{\"attempt\":1,\"type\":\"io\",\"message\":\"it failed\"}");
        assertThat(job.path("attempts").findValuesAsText("attempt")).containsExactly("1", "2");
        assertThat(job.path("attempts").path(0).path("outcome").asText()).isEqualTo("failed");
        assertThat(job.path("attempts").path(1).has("ended_at")).isFalse();
        assertThat(job.path("enqueued_at").asText()).isEqualTo(AT.toString());
    }

    @Test
    void progress_of_an_earlier_attempt_is_not_shown() {
        UUID id = JobProjections.job("default", "email", "running", AT);
        database.update(
                "update jobs set attempt = 2, progress_attempt = 1, progress_fraction = 0.9 where id = '" + id + "'");

        assertThat(http.get("/jobs/" + id).body().has("progress")).isFalse();
    }

    @Test
    void pages_have_every_job_once_the_newest_first() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            String state = i % 2 == 0 ? "ready" : "dead";
            String queue = i % 3 == 0 ? "default" : "maintenance";
            // Two at each moment.
            ids.add(JobProjections.job(queue, "email", state, AT.plusSeconds(i / 2))
                    .toString());
        }

        List<String> found = new ArrayList<>();
        List<String> times = new ArrayList<>();
        String path = "/jobs?limit=3";
        String before = "";
        while (!before.equals("null")) {
            JsonNode page = http.get(path + before).body();
            found.addAll(page.path("jobs").findValuesAsText("id"));
            times.addAll(page.path("jobs").findValuesAsText("enqueued_at"));
            before = page.path("next").isTextual()
                    ? "&before=" + page.path("next").asText()
                    : "null";
        }

        assertThat(found).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(times).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    @Test
    void pages_are_of_a_queue_a_state_and_a_type() {
        String wanted = JobProjections.job("default", "email", "dead", AT).toString();
        JobProjections.job("maintenance", "email", "dead", AT);
        JobProjections.job("default", "email", "ready", AT);
        JobProjections.job("default", "webhook", "dead", AT);

        JsonNode page = http.get("/jobs?queue=default&state=dead&type=email").body();

        assertThat(page.path("jobs").findValuesAsText("id")).containsExactly(wanted);
        assertThat(page.path("jobs").path(0).has("payload")).isFalse();
    }

    @Test
    void a_service_sees_the_types_that_its_token_names() {
        String own = JobProjections.job("default", "a_b", "ready", AT).toString();
        // An underscore is any character in a pattern of SQL.
        String others = JobProjections.job("default", "axb", "ready", AT).toString();
        Http service = TestIngest.shared().with(TestKeys.shared().jobs("a_b*"));

        assertThat(service.get("/jobs").body().path("jobs").findValuesAsText("id"))
                .containsExactly(own);
        assertThat(service.get("/jobs/" + own).status()).isEqualTo(200);
        assertThat(service.get("/jobs/" + others).status()).isEqualTo(404);
    }

    @Test
    void what_is_wrong_is_400_and_an_unknown_job_is_404() {
        assertThat(http.get("/jobs?state=gone").status()).isEqualTo(400);
        assertThat(http.get("/jobs?type=No%20type").status()).isEqualTo(400);
        assertThat(http.get("/jobs?limit=0").status()).isEqualTo(400);
        assertThat(http.get("/jobs?before=x").problem()).isEqualTo("invalid-cursor");
        assertThat(http.get("/jobs/x").status()).isEqualTo(400);
        assertThat(http.get("/jobs/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(http.send("POST", "/jobs/" + UUID.randomUUID() + "/cancel", null)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void a_job_that_the_dispatcher_has_forgotten_is_404_for_a_command() {
        var unused = TestJobDecider.shared();
        UUID id = JobProjections.job("default", "email", "dead", AT);

        assertThat(http.send("POST", "/jobs/" + id + "/retry", null).status()).isEqualTo(404);
    }

    @Test
    void queues_are_shown_with_their_sizes_and_what_happened_in_them() {
        JobProjections.job("default", "email", "ready", AT);
        JobProjections.job("default", "webhook", "ready", AT.plusSeconds(1));
        JobProjections.job("default", "email", "dead", AT.minusSeconds(1));
        database.update("insert into job_queues values ('default', true, 3, 0.5, 0, 0, now())");
        database.update(
                "insert into job_minutes select 'default', date_trunc('minute', now()) - i * interval '1 minute',"
                        + " 10, 9, 8, 7, 6, 5 from generate_series(1, 2) as i");

        Http.Answer answer = http.get("/queues");

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        JsonNode queues = answer.body().path("queues");
        assertThat(queues.findValuesAsText("name"))
                .containsExactly(
                        "answers",
                        "bridges",
                        "default",
                        "exports",
                        "files",
                        "indexes",
                        "maintenance",
                        "notifications",
                        "telegram");
        JsonNode queue = queues.path(2);
        assertThat(queue.path("state").asText()).isEqualTo("paused");
        assertThat(queue.path("limits").path("concurrency").asInt()).isEqualTo(3);
        assertThat(queue.path("limits").path("rate_per_second").asDouble()).isEqualTo(0.5);
        assertThat(queue.path("sizes").path("ready").asInt()).isEqualTo(2);
        assertThat(queue.path("sizes").path("dead").asInt()).isEqualTo(1);
        assertThat(queue.path("oldest_waiting_at").asText()).isEqualTo(AT.toString());
        assertThat(queue.path("last_hour").path("enqueued").asInt()).isEqualTo(20);
        assertThat(queues.path(0).path("state").asText()).isEqualTo("running");
        assertThat(queues.path(0).has("oldest_waiting_at")).isFalse();
        assertThat(queues.path(0).path("capacity").asInt()).isEqualTo(5_000_000);
    }
}
