package io.tailrace.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.job.JobState;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class BulkTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    private final TestJobDecider decider = TestJobDecider.shared();
    private final Http http = TestIngest.shared().with(TestKeys.shared().operator());

    @BeforeEach
    void empty() {
        TestPostgres.shared().update("truncate jobs, job_attempts, job_counts, job_minutes, job_queues");
        JobProjections.catchUp();
    }

    @AfterEach
    void goOn() {
        decider.goOn();
    }

    @Test
    void jobs_that_are_named_are_done_and_those_of_another_state_or_none_are_told() {
        String dead = job(JobState.DEAD, 0);
        String running = job(JobState.RUNNING, 1);
        String none = UUID.randomUUID().toString();

        Http.Answer answer =
                bulk("{\"action\": \"retry\", \"ids\": [\"%s\", \"%s\", \"%s\"]}".formatted(dead, running, none));

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        assertThat(answer.body().path("action").asText()).isEqualTo("retry");
        assertThat(answer.body().path("matched").asInt()).isEqualTo(3);
        assertThat(answer.body().path("done").asInt()).isEqualTo(1);
        assertThat(answer.body().path("next").isNull()).isTrue();
        assertThat(answer.body().path("refused").toString())
                .isEqualTo("[{\"id\":\"" + none + "\",\"reason\":\"not_found\"},{\"id\":\"" + running
                        + "\",\"reason\":\"wrong_state\",\"state\":\"running\"}]");
    }

    @Test
    void jobs_of_a_filter_are_done_page_by_page_each_once() {
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            wanted.add(job(i % 2 == 0 ? JobState.READY : JobState.RUNNING, i));
        }
        job(JobState.SUCCEEDED, 6);

        int done = 0;
        int requests = 0;
        String before = "null";
        do {
            JsonNode answer = bulk("{\"action\": \"cancel\", \"filter\": {\"queue\": \"default\", \"type\": \"email\"},"
                            + " \"limit\": 2, \"before\": " + before + "}")
                    .body();
            done += answer.path("done").asInt();
            requests++;
            before = answer.path("next").toString();
        } while (!before.equals("null"));

        assertThat(done).isEqualTo(5);
        assertThat(requests).isEqualTo(3);
        for (String id : wanted) {
            assertThat(http.send("POST", "/jobs/" + id + "/cancel", null).status())
                    .isEqualTo(409);
        }
    }

    @Test
    void a_request_that_is_sent_again_with_its_key_has_the_same_answer() {
        String body = "{\"action\": \"run-now\", \"ids\": [\"" + job(JobState.SCHEDULED, 0) + "\"]}";
        JobProjections.catchUp();
        Http keyed = http.header("Idempotency-Key", UUID.randomUUID().toString());

        Http.Answer first = keyed.post("/jobs/bulk", body);
        Http.Answer again = keyed.post("/jobs/bulk", body);
        Http.Answer without = http.post("/jobs/bulk", body);

        assertThat(first.body().path("done").asInt()).isEqualTo(1);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(without.body().path("done").asInt()).isZero();
    }

    @Test
    void what_is_not_decided_in_time_is_pending() {
        String id = job(JobState.DEAD, 0);
        JobProjections.catchUp();
        decider.holdBack();

        Http.Answer answer = http.header("Prefer", "wait=0")
                .post("/jobs/bulk", "{\"action\": \"retry\", \"ids\": [\"" + id + "\"]}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=0");
        assertThat(answer.body().path("pending").asInt()).isEqualTo(1);
    }

    @Test
    void nobody_but_an_operator_may() {
        Http service = TestIngest.shared().with(TestKeys.shared().jobs("*"));

        assertThat(service.post("/jobs/bulk", "{}").status()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    [] | body | expected an object
                    {"ids": []} | action | is missing, expected one of cancel, retry, run-now
                    {"action": "delete", "filter": {}} | action | "delete", expected one of cancel, retry, run-now
                    {"action": "retry"} | ids | expected either ids or filter
                    {"action": "retry", "ids": [], "filter": {}} | ids | expected either ids or filter
                    {"action": "retry", "ids": []} | ids | 0 elements, expected an array of 1 to 500 UUIDs
                    {"action": "retry", "ids": ["1-1-1-1-1"]} | ids | "1-1-1-1-1", expected an array
                    {"action": "retry", "ids": 7} | ids | expected an array of 1 to 500 UUIDs
                    {"action": "retry", "filter": 7} | filter | expected an object
                    {"action": "retry", "filter": {"colour": 1}} | filter.colour | unknown field, expected queue, state, type
                    {"action": "retry", "filter": {"queue": ""}} | filter.queue | expected a text that is not empty
                    {"action": "retry", "filter": {"type": "No type"}} | filter.type | expected the name of a type
                    {"action": "retry", "filter": {"state": "running"}} | filter.state | "running", expected one from which retry is possible: dead, cancelled
                    {"action": "retry", "filter": {}, "limit": 501} | limit | expected a whole number from 1 to 500
                    {"action": "retry", "filter": {}, "before": "x"} | before | expected the next of an answer
                    """)
    void what_is_wrong_is_400_with_what_was_expected(String body, String field, String message) {
        Http.Answer answer = bulk(body);

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).contains(field);
        assertThat(answer.body().path("errors").toString().replace("\\\"", "\""))
                .contains(message);
    }

    private String job(JobState state, int second) {
        Http.Answer enqueued = http.post(
                "/jobs",
                "{\"type\": \"email\", \"queue\": \"default\", \"payload\": {\"to\": \"ada@example.org\","
                        + " \"subject\": \"Hello\", \"text\": \"Dear Ada\"}}");
        String id = enqueued.body().path("id").asText();
        decider.put(UUID.fromString(id), state);
        JobProjections.job(UUID.fromString(id), "default", "email", state.label(), AT.plusSeconds(second));
        return id;
    }

    private Http.Answer bulk(String body) {
        JobProjections.catchUp();
        return http.post("/jobs/bulk", body);
    }
}
