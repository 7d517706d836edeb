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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class JobLogTest {
    private final Http http = TestIngest.shared().with(TestKeys.shared().operator());
    private final UUID job = UUID.randomUUID();

    @BeforeEach
    void copy() {
        var unused = TestJobDecider.shared();
        JobProjections.job(job, "default", "email", "running", Instant.parse("2026-01-02T03:04:05Z"));
        JobProjections.catchUp();
    }

    @Test
    void lines_are_shown_in_their_order_by_pages_that_have_each_once() {
        for (int line = 5; line >= 1; line--) {
            JobProjections.logLine(job, 1, line, "line " + line);
            JobProjections.logLine(job, 2, line, "again " + line);
        }
        TestPostgres.shared().update("insert into job_log_drops values (?, 2, 7, now())", job);
        List<String> texts = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = http.get("/jobs/" + job + "/log?limit=4" + after).body();
            assertThat(page.path("dropped").toString()).isEqualTo("[{\"attempt\":2,\"lines\":7}]");
            texts.addAll(page.path("lines").findValuesAsText("text"));
            after = page.path("next").isTextual()
                    ? "&after=" + page.path("next").asText()
                    : "";
        } while (!after.isEmpty());

        assertThat(texts)
                .containsExactly(
                        "line 1", "line 2", "line 3", "line 4", "line 5", "again 1", "again 2", "again 3", "again 4",
                        "again 5");
        JsonNode first = http.get("/jobs/" + job + "/log?attempt=1").body();
        assertThat(first.path("lines")).hasSize(5);
        assertThat(first.path("dropped")).isEmpty();
        assertThat(first.path("lines").path(0).toString())
                .isEqualTo("{\"attempt\":1,\"line\":1,\"at\":\"2026-01-02T03:04:05Z\",\"level\":\"info\","
                        + "\"text\":\"line 1\"}");
    }

    @Test
    void a_job_that_has_logged_nothing_has_no_lines_and_a_job_that_is_not_there_is_not_found() {
        assertThat(http.get("/jobs/" + job + "/log").body().toString()).isEqualTo("{\"lines\":[],\"dropped\":[]}");
        assertThat(http.get("/jobs/" + UUID.randomUUID() + "/log").status()).isEqualTo(404);
    }

    @Test
    void the_log_is_shown_to_whoever_may_see_the_job() {
        String path = "/jobs/" + job + "/log";
        TestIngest server = TestIngest.shared();

        assertThat(server.with(TestKeys.shared().jobs("em*")).get(path).status())
                .isEqualTo(200);
        assertThat(server.with(TestKeys.shared().jobs("telegram")).get(path).status())
                .isEqualTo(404);
        assertThat(server.with(TestKeys.shared().person(UUID.randomUUID()))
                        .get(path)
                        .status())
                .isEqualTo(403);
        assertThat(server.anonymous().get(path).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "attempt=0, attempt",
        "attempt=x, attempt",
        "attempt=99999999999, attempt",
        "limit=501, limit",
        "limit=0, limit",
        "after=1, after",
        "after=1.x, after",
        "after=99999999999.1, after",
    })
    void what_is_no_place_in_a_log_is_refused(String query, String field) {
        Http.Answer answer = http.get("/jobs/" + job + "/log?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly(field);
    }
}
