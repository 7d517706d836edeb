package io.tailrace.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.JobState;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestJobDecider;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class JobTest {
    private static final String EMAIL =
            "\"type\": \"email\", \"payload\": {\"to\": \"ada@example.org\", \"subject\": \"Hello\","
                    + " \"text\": \"Dear Ada\"}";

    private final TestJobDecider decider = TestJobDecider.shared();
    private final Http http = TestIngest.shared().with(TestKeys.shared().operator());
    private final String unique = UUID.randomUUID().toString();

    @AfterEach
    void goOn() {
        decider.goOn();
        decider.fill(null);
    }

    @Test
    void a_job_is_201_with_what_its_type_says() {
        Http.Answer answer = http.post("/jobs", "{" + EMAIL + "}");

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        UUID id = UUID.fromString(answer.body().path("id").asText());
        assertThat(answer.header("Location")).isEqualTo("/jobs/" + id);
        assertThat(answer.body().path("state").asText()).isEqualTo("ready");
        assertThat(answer.body().path("queue").asText()).isEqualTo("notifications");
        assertThat(answer.body().path("type").asText()).isEqualTo("email");
        assertThat(answer.body().has("run_at")).isTrue();
        String command = command(id);
        assertThat(command).contains("\"max_attempts\":8", "\"timeout_seconds\":60", "\"first_delay_ms\":5000");
    }

    @Test
    void a_job_says_how_it_wants_to_be_run() {
        Http.Answer answer = http.post(
                "/jobs",
                "{" + EMAIL
                        + ", \"queue\": \"maintenance\", \"run_at\": \"9999-12-31T23:59:59Z\", \"priority\": 9,"
                        + " \"unique_key\": \"" + unique + "\", \"unique_seconds\": 60, \"max_attempts\": 2,"
                        + " \"timeout_seconds\": 5, \"key\": \"ada\"}");

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        assertThat(answer.body().path("state").asText()).isEqualTo("scheduled");
        assertThat(answer.body().path("run_at").asText()).isEqualTo("9999-12-31T23:59:59Z");
        assertThat(command(UUID.fromString(answer.body().path("id").asText())))
                .contains(
                        "\"queue\":\"maintenance\"",
                        "\"priority\":9",
                        "\"unique_seconds\":60",
                        "\"max_attempts\":2",
                        "\"timeout_seconds\":5",
                        "\"key\":\"ada\"");
    }

    @Test
    void a_time_that_has_passed_is_now() {
        Http.Answer answer = http.post("/jobs", "{" + EMAIL + ", \"run_at\": \"1970-01-01T00:00:00Z\"}");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().path("state").asText()).isEqualTo("ready");
        assertThat(answer.body().path("run_at").asText()).isGreaterThan("2020");
    }

    @Test
    void a_unique_key_that_is_taken_is_200_with_the_job_that_has_it() {
        String body = "{" + EMAIL + ", \"unique_key\": \"" + unique + "\"}";
        Http.Answer first = http.post("/jobs", body);

        Http.Answer second = http.post("/jobs", body);

        assertThat(List.of(first.status(), second.status())).containsExactly(201, 200);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Location"))
                .isEqualTo("/jobs/" + first.body().path("id").asText());
        assertThat(second.header("Idempotency-Replayed")).isEmpty();
    }

    @Test
    void a_request_that_is_sent_again_with_its_key_gets_the_same_job_and_another_body_is_422() {
        Http keyed = http.header("Idempotency-Key", unique);
        String floats = "{\"type\": \"webhook\", \"payload\": {\"url\": \"https://example.org\", \"event\":"
                + " {\"a\": 1.50, \"b\": 1e400, \"c\": null}}}";
        Http.Answer first = keyed.post("/jobs", floats);
        Http.Answer again = keyed.post("/jobs", floats);
        Http.Answer other = keyed.post("/jobs", "{" + EMAIL + "}");

        assertThat(List.of(first.status(), again.status(), other.status()))
                .as(first.body().toString())
                .containsExactly(201, 201, 422);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
    }

    @Test
    void a_queue_that_is_full_is_503_with_the_time_to_come_again() {
        decider.fill("maintenance");

        Http.Answer answer = http.post("/jobs", "{" + EMAIL + ", \"queue\": \"maintenance\"}");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("5");
    }

    @Test
    void what_is_not_decided_in_time_is_202_and_the_same_key_gets_the_decision_later() {
        decider.holdBack();
        Http keyed = http.header("Idempotency-Key", unique);
        Http.Answer pending = keyed.header("Prefer", "wait=0").post("/jobs", "{" + EMAIL + "}");

        decider.goOn();
        Http.Answer answer = keyed.header("Prefer", "wait=30").post("/jobs", "{" + EMAIL + "}");

        assertThat(pending.status()).isEqualTo(202);
        assertThat(pending.body().path("state").asText()).isEqualTo("pending");
        assertThat(pending.header("Preference-Applied")).isEqualTo("wait=0");
        assertThat(pending.header("Location"))
                .isEqualTo("/jobs/" + pending.body().path("id").asText());
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().path("id")).isEqualTo(pending.body().path("id"));
    }

    @ParameterizedTest
    @CsvSource({
        "ready, cancel, 200, cancelled",
        "running, cancel, 200, cancelled",
        "succeeded, cancel, 409, succeeded",
        "cancelled, cancel, 409, cancelled",
        "dead, retry, 200, ready",
        "cancelled, retry, 200, ready",
        "running, retry, 409, running",
        "scheduled, run-now, 200, ready",
        "retrying, run-now, 200, ready",
        "ready, run-now, 409, ready"
    })
    void a_command_is_200_or_409_with_the_state_that_does_not_allow_it(
            String state, String command, int status, String after) {
        String id = enqueued();
        decider.put(UUID.fromString(id), JobState.parse(state).orElseThrow());

        Http.Answer answer = http.send("POST", "/jobs/" + id + "/" + command, null);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().path("state").asText()).isEqualTo(after);
        if (status == 409) {
            assertThat(answer.problem()).isEqualTo("conflict");
        }
    }

    @Test
    void a_command_that_is_sent_again_with_its_key_gets_its_answer_again() {
        String path = "/jobs/" + enqueued() + "/cancel";
        Http keyed = http.header("Idempotency-Key", unique);

        Http.Answer first = keyed.send("POST", path, null);
        Http.Answer again = keyed.send("POST", path, null);
        Http.Answer without = http.send("POST", path, null);

        assertThat(List.of(first.status(), again.status(), without.status())).containsExactly(200, 200, 409);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void a_service_may_enqueue_and_cancel_jobs_of_the_types_that_its_token_names_and_no_others() {
        Http service = TestIngest.shared().with(TestKeys.shared().jobs("em*", "image.*"));
        String id = service.post("/jobs", "{" + EMAIL + "}").body().path("id").asText();
        String others = http.post("/jobs", "{\"type\": \"telegram\", \"payload\": {\"chat_id\": 1, \"text\": \"x\"}}")
                .body()
                .path("id")
                .asText();

        assertThat(service.send("POST", "/jobs/" + id + "/cancel", null).status())
                .isEqualTo(200);
        assertThat(service.send("POST", "/jobs/" + id + "/retry", null).status())
                .isEqualTo(403);
        assertThat(service.send("POST", "/jobs/" + others + "/cancel", null).status())
                .isEqualTo(404);
        Http.Answer forbidden =
                service.post("/jobs", "{\"type\": \"telegram\", \"payload\": {\"chat_id\": 1, \"text\": \"x\"}}");
        assertThat(forbidden.status()).isEqualTo(403);
        assertThat(forbidden.body().path("detail").asText()).contains("em*, image.*");
        assertThat(service.post("/jobs", "{\"type\": \"sms\", \"payload\": 1}")
                        .body()
                        .toString())
                .contains("email")
                .doesNotContain("telegram");
    }

    @Test
    void somebody_without_rights_is_403_and_nobody_is_401() {
        Http person = TestIngest.shared().with(TestKeys.shared().person(UUID.randomUUID()));
        Http anonymous = TestIngest.shared().anonymous();

        for (Http each : List.of(person, anonymous)) {
            int expected = each == person ? 403 : 401;
            assertThat(each.post("/jobs", "{" + EMAIL + "}").status()).isEqualTo(expected);
            assertThat(each.get("/jobs").status()).isEqualTo(expected);
            assertThat(each.get("/jobs/" + unique).status()).isEqualTo(expected);
            assertThat(each.get("/queues").status()).isEqualTo(expected);
        }
    }

    @Test
    void a_payload_above_the_bound_is_413() {
        String text = "x".repeat(1 << 20);

        Http.Answer answer = http.post(
                "/jobs",
                "{\"type\": \"webhook\", \"payload\": {\"url\": \"https://example.org\", \"event\": {\"a\": \"" + text
                        + "\"}}}");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body().path("detail").asText()).contains("expected at most 262144");
    }

    @Test
    void every_fault_of_a_request_is_told_at_once() {
        Http.Answer answer = http.post(
                "/jobs",
                "{\"type\": \"email\", \"payload\": {\"to\": \"ada\"}, \"queue\": \"none\", \"run_at\": \"soon\","
                        + " \"delay_seconds\": -1, \"priority\": 10, \"unique_key\": \"" + "k".repeat(10_240)
                        + "\", \"max_attempts\": 0, \"timeout_seconds\": 1.5, \"key\": 7, \"colour\": 1}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field"))
                .containsExactlyInAnyOrder(
                        "payload.to",
                        "payload.subject",
                        "payload.text",
                        "queue",
                        "run_at",
                        "delay_seconds",
                        "priority",
                        "unique_key",
                        "max_attempts",
                        "timeout_seconds",
                        "key",
                        "colour",
                        "delay_seconds");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    [] | body | expected an object
                    {} | type | is missing, expected one of email, erase, export, forget, redrive, reindex, telegram, webhook
                    {"type": "sms", "payload": 1} | type | "sms", expected one of email, erase, export, forget, redrive, reindex, telegram, webhook
                    {"type": "bridge", "payload": {"name": "b", "target": "evil.example:443"}} | type | "bridge" is made by PUT /bridges/{name} alone
                    {"type": "answer", "payload": {"owner": "somebody"}} | type | "answer" is made by POST /answers alone
                    {"type": "extract", "payload": {"owner_id": "somebody"}} | type | "extract" is made by POST /uploads alone
                    {"type": "email"} | payload | is missing
                    {"type": "email", "payload": null} | payload | expected an object with data, html, subject, text, to
                    {"type": "webhook", "payload": {"url": "https://a.b", "event": {}}, "run_at": "+10000-01-01T00:00:00Z"} | run_at | of the year 9999 at the latest
                    {"type": "webhook", "payload": {"url": "https://a.b", "event": {}}, "unique_seconds": 1} | unique_seconds | expected with unique_key alone
                    {"type": "webhook", "payload": {"url": "https://a.b", "event": {}}, "run_at": "2030-01-01T00:00:00Z", "delay_seconds": 1} | delay_seconds | expected either run_at or delay_seconds
                    """)
    void what_is_wrong_is_400_with_what_was_expected(String body, String field, String message) {
        Http.Answer answer = http.post("/jobs", body);

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).contains(field);
        assertThat(answer.body().path("errors").toString().replace("\\\"", "\""))
                .contains(message);
    }

    private String enqueued() {
        return http.post("/jobs", "{" + EMAIL + "}").body().path("id").asText();
    }

    private static String command(UUID id) {
        return TestLog.events(Topics.JOB_COMMANDS, "").stream()
                .filter(logged -> logged.event().id().equals(id.toString()))
                .map(logged -> new String(logged.event().data(), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
    }
}
