package io.tailrace.ingest.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestAttempts;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestJobDecider;
import io.tailrace.ingest.testing.TestKeys;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class LeaseTest {
    private static final String RESIZE = "{\"types\": [\"x-resize\"], \"worker\": \"w1\", \"wait_seconds\": 30}";

    private final TestAttempts attempts = TestJobDecider.shared().attempts();
    private final Http worker = TestIngest.shared().with(TestKeys.shared().worker("x-*"));

    @Test
    void a_worker_gets_a_job_says_that_it_goes_on_and_how_it_ended() {
        UUID id = attempts.release("x-resize", Map.of("width", 100));

        JsonNode lease = leased(id);

        assertThat(lease.path("type").asText()).isEqualTo("x-resize");
        assertThat(lease.path("queue").asText()).isEqualTo("default");
        assertThat(lease.path("attempt").asInt()).isEqualTo(1);
        assertThat(lease.path("last_attempt").asBoolean()).isFalse();
        assertThat(lease.path("lease_seconds").asInt()).isEqualTo(30);
        assertThat(lease.path("timeout_seconds").asInt()).isEqualTo(300);
        assertThat(lease.path("payload").path("width").asInt()).isEqualTo(100);
        assertThat(attempts.worker(id)).isEqualTo("w1");
        assertThat(state(200, say(id, "heartbeat", "{\"token\": 1}"))).isEqualTo("running");
        assertThat(state(200, say(id, "heartbeat", "{\"token\": 1, \"progress\": {\"fraction\": 0.5}}")))
                .isEqualTo("running");
        String success = "{\"token\": 1, \"outcome\": \"succeeded\", \"result\": {\"bytes\": 7}}";
        assertThat(state(200, say(id, "outcome", success))).isEqualTo("succeeded");
        assertThat(state(200, say(id, "outcome", success))).isEqualTo("succeeded");
        assertThat(say(id, "outcome", "{\"token\": 1, \"outcome\": \"handed_back\"}")
                        .status())
                .isEqualTo(409);
        assertThat(attempts.said(id))
                .startsWith(
                        JobEvents.ATTEMPT_STARTED,
                        JobEvents.ATTEMPT_CHECKED,
                        JobEvents.ATTEMPT_PROGRESSED,
                        JobEvents.ATTEMPT_SUCCEEDED);
    }

    @Test
    void a_request_waits_until_there_is_a_job_and_is_empty_if_none_comes() throws Exception {
        Http.Answer none = worker.post("/jobs/leases", "{\"types\": [\"x-silent\"], \"wait_seconds\": 0}");
        CompletableFuture<Http.Answer> waiting =
                CompletableFuture.supplyAsync(() -> worker.post("/jobs/leases", RESIZE));
        Eventually.holds("it waits", () -> waiting() == 1);

        UUID id = attempts.release("x-resize", 7);

        assertThat(none.status()).as(none.body().toString()).isEqualTo(200);
        assertThat(none.body().path("leases")).isEmpty();
        assertThat(Eventually.result("it is answered", waiting)
                        .body()
                        .path("leases")
                        .findValuesAsText("id"))
                .containsExactly(id.toString());
    }

    @Test
    void a_failure_says_whether_and_when_to_try_again_and_a_job_can_be_handed_back() {
        UUID failed = attempts.release("x-resize", null);
        UUID lost = attempts.release("x-resize", null);
        UUID back = attempts.release("x-resize", null);
        leased(failed, lost, back);

        assertThat(state(
                        200,
                        say(
                                failed,
                                "outcome",
                                "{\"token\": 1, \"outcome\": \"failed\", \"error\": {\"type\": \"http_503\","
                                        + " \"message\": \"later\"}, \"retry_after_seconds\": 5}")))
                .isEqualTo("retrying");
        assertThat(state(
                        200,
                        say(
                                lost,
                                "outcome",
                                "{\"token\": 1, \"outcome\": \"failed\", \"error\": {\"type\": \"no_image\"},"
                                        + " \"give_up\": true}")))
                .isEqualTo("dead");
        assertThat(state(
                        200,
                        say(
                                back,
                                "outcome",
                                "{\"token\": 1, \"outcome\": \"handed_back\", \"retry_after_seconds\": 5}")))
                .isEqualTo("ready");
    }

    @Test
    void a_cancelled_job_is_told_in_the_answer_to_a_heartbeat_and_an_attempt_that_is_over_is_409() {
        UUID cancelled = attempts.release("x-resize", null);
        UUID over = attempts.release("x-resize", null);
        leased(cancelled, over);

        attempts.cancel(cancelled);
        attempts.supersede(over);

        assertThat(state(200, say(cancelled, "heartbeat", "{\"token\": 1}"))).isEqualTo("cancelled");
        assertThat(state(200, say(cancelled, "outcome", "{\"token\": 1, \"outcome\": \"succeeded\"}")))
                .isEqualTo("cancelled");
        for (Http.Answer answer : List.of(
                say(over, "heartbeat", "{\"token\": 1}"),
                say(over, "outcome", "{\"token\": 1, \"outcome\": \"succeeded\"}"))) {
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.problem()).isEqualTo("conflict");
            assertThat(answer.body().path("detail").asText()).contains("token 1");
        }
    }

    @Test
    void a_request_that_is_sent_again_with_its_key_gets_the_leases_that_it_has() {
        UUID id = attempts.release("x-resize", null);
        Http keyed = worker.header("Idempotency-Key", id.toString());

        Http.Answer first = keyed.post("/jobs/leases", RESIZE);
        Http.Answer again = keyed.post("/jobs/leases", RESIZE);

        assertThat(first.body().path("leases").findValuesAsText("id")).containsExactly(id.toString());
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(attempts.said(id)).containsExactly(JobEvents.ATTEMPT_STARTED);
    }

    @Test
    void who_closes_the_connection_waits_no_longer() throws Exception {
        int before = waiting();
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), TestIngest.shared().port())) {
            String head = "POST /jobs/leases HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Authorization: Bearer " + TestKeys.shared().worker("x-*") + "\r\nContent-Length: "
                    + RESIZE.length() + "\r\n\r\n" + RESIZE;
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            Eventually.holds("it waits", () -> waiting() == before + 1);
        }
        Eventually.holds("it does not", () -> waiting() == before);

        UUID id = attempts.release("x-resize", null);

        assertThat(leased(id).path("id").asText()).isEqualTo(id.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    [] | body | expected an object with limit, types, wait_seconds, worker
                    {} | types | is missing, expected 1 to 32 of the types of remote workers: x-crop, x-resize, x-silent
                    {"types": []} | types | 0 elements, expected 1 to 32
                    {"types": "x-resize"} | types | "x-resize", expected 1 to 32
                    {"types": [7]} | types | 7, expected 1 to 32
                    {"types": ["sms"]} | types | "sms", expected 1 to 32
                    {"types": ["email"]} | types | "email", expected 1 to 32
                    {"types": ["x-local"]} | types | "x-local", expected 1 to 32
                    {"types": ["x-resize"], "limit": 0} | limit | 0, expected a whole number from 1 to 20
                    {"types": ["x-resize"], "limit": 1e9} | limit | expected a whole number from 1 to 20
                    {"types": ["x-resize"], "wait_seconds": 31} | wait_seconds | expected a whole number from 0 to 30
                    {"types": ["x-resize"], "worker": ""} | worker | expected a text of 1 to 100
                    {"types": ["x-resize"], "worker": "a\\tb"} | worker | control character
                    {"types": ["x-resize"], "colour": 1} | colour | unknown field
                    """)
    void what_is_wrong_with_a_request_is_400_with_what_was_expected(String body, String field, String message) {
        refused(worker.post("/jobs/leases", body), field, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    heartbeat | 7 | body | expected an object with progress, token
                    heartbeat | {} | token | is missing
                    heartbeat | {"token": 0} | token | 0, expected a whole number from 1
                    heartbeat | {"token": "1"} | token | "1", expected a whole number
                    heartbeat | {"token": 1, "progress": 0.5} | progress | expected an object with fraction, message
                    heartbeat | {"token": 1, "progress": {"fraction": 1.5}} | progress.fraction | 1.5, expected 0 to 1
                    heartbeat | {"token": 1, "progress": {"fraction": "x"}} | progress.fraction | "x", expected 0 to 1
                    heartbeat | {"token": 1, "progress": {"message": 7}} | progress.message | 7, expected a text
                    heartbeat | {"token": 1, "outcome": "succeeded"} | outcome | unknown field
                    outcome | {"token": 1} | outcome | is missing, expected succeeded, failed or handed_back
                    outcome | {"token": 1, "outcome": "done"} | outcome | "done", expected succeeded
                    outcome | {"token": 1, "outcome": 7} | outcome | 7, expected a text
                    outcome | {"token": 1, "outcome": "failed"} | error | expected of an attempt that failed
                    outcome | {"token": 1, "outcome": "failed", "error": {}} | error.type | is missing
                    outcome | {"token": 1, "outcome": "succeeded", "error": {"type": "x"}} | error | of no other
                    outcome | {"token": 1, "outcome": "handed_back", "result": 1} | result | succeeded alone
                    outcome | {"token": 1, "outcome": "succeeded", "give_up": true} | give_up | failed alone
                    outcome | {"token": 1, "outcome": "succeeded", "retry_after_seconds": 5} | retry_after_seconds | failed or was handed back
                    outcome | {"token": 1, "outcome": "failed", "error": {"type": "x"}, "give_up": 1} | give_up | true or false
                    outcome | {"token": 1, "outcome": "failed", "error": {"type": "x"}, "retry_after_seconds": -1} | retry_after_seconds | -1, expected
                    """)
    void what_is_wrong_with_a_report_is_400_with_what_was_expected(
            String report, String body, String field, String message) {
        refused(say(known(), report, body), field, message);
    }

    @Test
    void an_id_that_is_none_is_400_and_a_result_above_the_bound_is_413() {
        String large = "{\"token\": 1, \"outcome\": \"succeeded\", \"result\": \"" + "x".repeat(70_000) + "\"}";

        refused(worker.post("/jobs/leases/7/heartbeat", "{\"token\": 1}"), "id", "expected a UUID");
        assertThat(say(known(), "outcome", large).status()).isEqualTo(413);
    }

    @Test
    void a_service_with_the_role_worker_may_run_the_types_of_its_claim_and_nobody_else_any() {
        TestKeys keys = TestKeys.shared();
        String person = keys.sign(keys.claims(UUID.randomUUID().toString())
                .claim("roles", List.of("worker"))
                .claim("jobs", List.of("*")));
        Http crop = TestIngest.shared().with(keys.worker("x-crop"));
        UUID id = known();

        for (String token : List.of(keys.operator(), keys.jobs("x-*"), keys.person(UUID.randomUUID()), person)) {
            Http other = TestIngest.shared().with(token);
            assertThat(other.post("/jobs/leases", RESIZE).status()).isEqualTo(403);
            assertThat(other.post("/jobs/leases/" + id + "/heartbeat", "{\"token\": 1}")
                            .status())
                    .isEqualTo(403);
        }
        assertThat(TestIngest.shared().anonymous().post("/jobs/leases", RESIZE).status())
                .isEqualTo(401);
        assertThat(crop.post("/jobs/leases", RESIZE).body().path("detail").asText())
                .contains("x-crop, and not of x-resize");
        assertThat(crop.post("/jobs/leases/" + id + "/outcome", "{\"token\": 1, \"outcome\": \"succeeded\"}")
                        .status())
                .isEqualTo(404);
    }

    /** A job that this server has given to a worker. */
    private UUID known() {
        UUID id = attempts.release("x-resize", null);
        leased(id);
        return id;
    }

    /** Asks for jobs until these are there, in whatever order they come; returns the last lease. */
    private JsonNode leased(UUID... ids) {
        Set<String> missing = new HashSet<>();
        List.of(ids).forEach(id -> missing.add(id.toString()));
        JsonNode lease = MissingNode.getInstance();
        while (!missing.isEmpty()) {
            Http.Answer answer = worker.post("/jobs/leases", RESIZE);
            lease = answer.body().path("leases").path(0);
            assertThat(lease.isMissingNode())
                    .as("%s of %s", answer.body(), missing)
                    .isFalse();
            missing.remove(lease.path("id").asText());
        }
        return lease;
    }

    private Http.Answer say(UUID id, String what, String body) {
        return worker.post("/jobs/leases/" + id + "/" + what, body);
    }

    private static String state(int status, Http.Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        return answer.body().path("state").asText();
    }

    private static void refused(Http.Answer answer, String field, String message) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).contains(field);
        assertThat(answer.body().path("errors").toString().replace("\\\"", "\""))
                .contains(message);
    }

    private static int waiting() {
        return TestIngest.shared()
                .anonymous()
                .text("/prometheus")
                .lines()
                .filter(line -> line.startsWith("tailrace_leases_waiting"))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
