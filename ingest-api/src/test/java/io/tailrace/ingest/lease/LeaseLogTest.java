package io.tailrace.ingest.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.JobProjections;
import io.tailrace.ingest.testing.TestAttempts;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestJobDecider;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What remote workers say that their attempts have logged. */
@Tag("server")
class LeaseLogTest {
    private final Http worker = TestIngest.shared().with(TestKeys.shared().worker("x-*"));
    private final UUID job =
            JobProjections.job("default", "x-resize", "running", Instant.parse("2026-01-02T03:04:05Z"));

    private final TestAttempts attempts = TestJobDecider.shared().attempts();

    @BeforeEach
    void begin() {
        attempts.begin(job, "x-resize");
    }

    private Http.Answer log(String body) {
        return worker.post("/jobs/leases/" + job + "/log", body);
    }

    /** What a topic has of the job. */
    private List<JsonNode> logged(String topic) {
        return TestBroker.shared().records(topic).stream()
                .map(EventRecords::read)
                .filter(EventReading.Readable.class::isInstance)
                .map(reading -> ((EventReading.Readable) reading).event())
                .filter(event -> event.type().equals(JobEvents.JOB_LOGGED)
                        && job.toString().equals(event.subject()))
                .map(LeaseLogTest::payload)
                .toList();
    }

    private static JsonNode payload(Event event) {
        try {
            return Json.mapper().readTree(event.data());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void lines_are_in_the_log_and_on_the_channel_of_their_job() {
        Http.Answer answer = log(
                """
                {"token": 1, "attempt": 1, "dropped": 3, "lines": [
                  {"line": 1, "at": "2026-01-31T13:00:00+01:00", "level": "warn", "text": "read 3 rows"},
                  {"line": 2, "text": "and\\ndone"}]}
                """);

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(204);
        List<JsonNode> logged = logged(Topics.JOB_LOGS);
        assertThat(logged).hasSize(1);
        assertThat(logged("tailrace.channels.job")).isEqualTo(logged);
        JsonNode event = logged.getFirst();
        assertThat(event.path("job_id").asText()).isEqualTo(job.toString());
        assertThat(event.path("attempt").asInt()).isEqualTo(1);
        assertThat(event.path("dropped").asInt()).isEqualTo(3);
        assertThat(event.path("lines").path(0).toString())
                .isEqualTo("{\"line\":1,\"at\":\"2026-01-31T12:00:00Z\",\"level\":\"warn\",\"text\":\"read 3 rows\"}");
        assertThat(event.path("lines").path(1).path("level").asText()).isEqualTo("info");
        assertThat(event.path("lines").path(1).path("text").asText()).isEqualTo("and\ndone");
    }

    @Test
    void a_long_line_is_cut_and_more_than_the_lines_of_an_attempt_is_413() {
        String long1 = "x".repeat(5_000);

        assertThat(log("{\"token\": 1, \"attempt\": 1, \"lines\": [{\"line\": 1, \"text\": \"" + long1 + "\"}]}")
                        .status())
                .isEqualTo(204);

        String text = logged(Topics.JOB_LOGS)
                .getFirst()
                .path("lines")
                .path(0)
                .path("text")
                .asText();
        assertThat(text).hasSize(4_094).endsWith("x…");
        StringBuilder many = new StringBuilder();
        for (int line = 1; line <= 17; line++) {
            many.append(line == 1 ? "" : ",")
                    .append("{\"line\": ")
                    .append(line)
                    .append(", \"text\": \"")
                    .append(long1)
                    .append("\"}");
        }
        assertThat(log("{\"token\": 1, \"attempt\": 1, \"lines\": [" + many + "]}")
                        .status())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    [] | body | expected an object with attempt, dropped, lines, token
                    {"lines": [{"line": 1, "text": "a"}]} | attempt | is missing, expected that of the lease
                    {"attempt": 0, "lines": []} | attempt | 0, expected a whole number from 1
                    {"attempt": 1} | lines | expected at least one line, or "dropped"
                    {"attempt": 1, "lines": []} | lines | expected at least one line
                    {"attempt": 1, "dropped": 0} | lines | expected at least one line
                    {"attempt": 1, "dropped": -1} | dropped | -1, expected a whole number
                    {"attempt": 1, "lines": "a"} | lines | "a", expected an array of at most 500 objects
                    {"attempt": 1, "lines": ["a"]} | lines[0] | expected an object with at, level, line, text
                    {"attempt": 1, "lines": [{"text": "a"}]} | lines[0].line | is missing
                    {"attempt": 1, "lines": [{"line": 501, "text": "a"}]} | lines[0].line | 501, expected a whole number from 1 to 500
                    {"attempt": 1, "lines": [{"line": 1}]} | lines[0].text | is missing
                    {"attempt": 1, "lines": [{"line": 1, "text": 7}]} | lines[0].text | 7, expected a text
                    {"attempt": 1, "lines": [{"line": 1, "text": "a", "level": "loud"}]} | lines[0].level | "loud", expected trace
                    {"attempt": 1, "lines": [{"line": 1, "text": "a", "at": "now"}]} | lines[0].at | "now", expected a time
                    {"attempt": 1, "lines": [{"line": 1, "text": "a", "at": 7}]} | lines[0].at | 7, expected a time
                    {"attempt": 1, "lines": [{"line": 1, "text": "a", "at": "+10000-01-01T00:00:00Z"}]} | lines[0].at | expected a time
                    {"attempt": 1, "lines": [{"line": 1, "text": "a", "at": "1969-12-31T23:59:59Z"}]} | lines[0].at | not before 1970
                    {"attempt": 1, "lines": [{"line": 1, "text": "a", "colour": 1}]} | lines[0].colour | unknown field
                    {"attempt": 1, "lines": [{"line": 1, "text": "a"}], "colour": 1} | colour | unknown field
                    {"attempt": 1, "lines": [{"line": 1, "text": "a"}]} | token | is missing, expected that of the lease
                    {"attempt": 1, "lines": [{"line": 1, "text": "a"}], "token": 0} | token | 0, expected a whole number from 1
                    {"attempt": 1, "lines": [{"line": 1, "text": "a"}], "token": "1"} | token | "1", expected a whole number
                    {"attempt": 2, "lines": [{"line": 1, "text": "a"}], "token": 1} | attempt | 2, expected 1, which the token stands for
                    """)
    void what_is_wrong_with_lines_is_400_with_what_was_expected(String body, String field, String message) {
        Http.Answer answer = log(body);

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).contains(field);
        assertThat(answer.body().path("errors").toString().replace("\\\"", "\""))
                .contains(message);
        assertThat(logged(Topics.JOB_LOGS)).isEmpty();
    }

    @Test
    void more_lines_than_an_attempt_may_have_are_400() {
        String line = "{\"line\": 1, \"text\": \"a\"},";
        String lines = line.repeat(500) + line.substring(0, line.length() - 1);

        Http.Answer answer = log("{\"attempt\": 1, \"lines\": [" + lines + "]}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").toString()).contains("501 elements, expected an array of at most 500");
    }

    @Test
    void lines_of_a_token_that_is_not_that_of_the_attempt_are_409() {
        Http.Answer wrong = log("{\"token\": 2, \"attempt\": 1, \"lines\": [{\"line\": 1, \"text\": \"a\"}]}");
        attempts.supersede(job);
        Http.Answer old = log("{\"token\": 1, \"attempt\": 1, \"lines\": [{\"line\": 1, \"text\": \"a\"}]}");

        for (Http.Answer answer : List.of(wrong, old)) {
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(409);
            assertThat(answer.problem()).isEqualTo("conflict");
        }
        assertThat(logged(Topics.JOB_LOGS)).isEmpty();
    }

    @Test
    void the_last_lines_of_a_cancelled_job_are_taken() {
        attempts.cancel(job);

        assertThat(log("{\"token\": 1, \"attempt\": 1, \"lines\": [{\"line\": 1, \"text\": \"a\"}]}")
                        .status())
                .isEqualTo(204);
        assertThat(logged(Topics.JOB_LOGS)).hasSize(1);
        assertThat(attempts.said(job)).containsExactly(JobEvents.ATTEMPT_CHECKED);
    }

    @Test
    void only_who_runs_jobs_of_the_type_may_log() {
        TestKeys keys = TestKeys.shared();
        String path = "/jobs/leases/" + job + "/log";
        String line = "{\"token\": 1, \"attempt\": 1, \"lines\": [{\"line\": 1, \"text\": \"a\"}]}";

        for (String token : List.of(keys.operator(), keys.jobs("x-*"), keys.person(UUID.randomUUID()))) {
            assertThat(TestIngest.shared().with(token).post(path, line).status())
                    .isEqualTo(403);
        }
        assertThat(TestIngest.shared().anonymous().post(path, line).status()).isEqualTo(401);
        assertThat(TestIngest.shared()
                        .with(keys.worker("x-crop"))
                        .post(path, line)
                        .status())
                .isEqualTo(404);
        assertThat(worker.post("/jobs/leases/7/log", line).status()).isEqualTo(400);
        assertThat(logged(Topics.JOB_LOGS)).isEmpty();
    }
}
