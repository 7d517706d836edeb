package io.tailrace.ingest.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobState;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.JobProjections;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestJobDecider;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.ingest.testing.TestLog.Logged;
import io.tailrace.ingest.testing.TestPostgres;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class AnswerTest {
    private static final String HELLO =
            "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private final UUID owner = UUID.randomUUID();
    private final Http http = TestIngest.shared().with(TestKeys.shared().person(owner));
    private final TestPostgres database = TestPostgres.shared();

    @BeforeEach
    void decide() {
        var unused = TestJobDecider.shared();
        JobProjections.catchUp();
    }

    /** What the copy of the jobs has of an answer. */
    private UUID copied(UUID person, String state, String result) {
        UUID id = JobProjections.job("answers", "answer", state, Instant.now());
        database.update(
                "update jobs set limit_key = ?, attempt = 1, started_at = enqueued_at, payload = ?, result = nullif(?,"
                        + " '') where id = ?",
                person.toString(),
                "{\"owner_id\":\"" + person + "\",\"model\":\"small\",\"messages\":[{\"content\":\"\\u0000\"}],"
                        + "\"max_tokens\":500,\"reserved_tokens\":510}",
                result,
                id);
        return id;
    }

    private void tell(UUID answer, String type, Map<String, ?> data) {
        Channel channel = new Channel("answer:" + owner + ":" + answer);
        Namespace namespace = Namespaces.builtIn().of(channel).orElseThrow();
        Event event =
                new Event(UUID.randomUUID().toString(), type, "/test", Instant.now(), channel.name(), Json.write(data));
        var unused = TestBroker.shared()
                .send(EventRecords.toRecord(
                        namespace.topic(), channel.partition(namespace.partitions()), channel.name(), event));
    }

    private List<Logged> told(UUID answer) {
        return TestLog.events(
                Namespaces.builtIn().of(new Channel("answer")).orElseThrow().topic(), answer.toString());
    }

    @Test
    void aQuestionBecomesAJobAndNamesItsChannel() throws Exception {
        Http.Answer answer = http.post("/answers", HELLO);

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        String id = answer.body().path("id").asText();
        assertThat(answer.body().toString())
                .isEqualTo("{\"id\":\"" + id + "\",\"channel\":\"answer:" + owner + ":" + id
                        + "\",\"state\":\"waiting\"}");
        assertThat(answer.header("Location")).contains("/answers/" + id);
        JsonNode command = Json.mapper()
                .readTree(TestLog.events(Topics.JOB_COMMANDS, "answers").stream()
                        .filter(logged -> logged.event().id().equals(id))
                        .findFirst()
                        .orElseThrow()
                        .data());
        assertThat(command.path("job").path("key").asText()).isEqualTo(owner.toString());
        assertThat(command.path("payload").toString())
                .isEqualTo("{\"owner_id\":\"" + owner + "\",\"model\":\"small\",\"messages\":[{\"role\":\"user\","
                        + "\"content\":\"Hello\"}],\"max_tokens\":500,\"reserved_tokens\":511}");
    }

    @Test
    void theSameKeyIsTheSameAnswer() {
        String key = UUID.randomUUID().toString();
        String first = http.header("Idempotency-Key", key)
                .post("/answers", HELLO)
                .body()
                .path("id")
                .asText();
        String second = http.header("Idempotency-Key", key)
                .post("/answers", HELLO)
                .body()
                .path("id")
                .asText();

        assertThat(second).isEqualTo(first);
    }

    @Test
    void onlyPeopleWithAccountsAsk() {
        assertThat(TestIngest.shared().anonymous().post("/answers", HELLO).status())
                .isEqualTo(401);
        assertThat(TestIngest.shared()
                        .with(TestKeys.shared().jobs("answer"))
                        .post("/answers", HELLO)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aPromptOfAMebibyteIsTooLargeAndAFaultIsNamed() {
        String mebibyte = HELLO.replace("Hello", "x".repeat(1 << 20));

        assertThat(http.post("/answers", mebibyte).status()).isEqualTo(413);
        Http.Answer unknown = http.post("/answers", HELLO.replace("small", "none"));
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.body().at("/errors/0/message").asText()).contains("expected one of large, small");
    }

    @Test
    void aCompletedAnswerIsShownWithItsTextAndUsage() {
        UUID id = copied(
                owner,
                "succeeded",
                "{\"model\":\"large\",\"finish_reason\":\"stop\",\"text\":\"Fine"
                        + " \\u0000\",\"usage\":{\"input_tokens\":1,"
                        + "\"output_tokens\":2,\"total_tokens\":3,\"cost\":0.5}}");

        JsonNode answer = http.get("/answers/" + id).body();

        assertThat(answer.path("state").asText()).isEqualTo("completed");
        assertThat(answer.path("text").asText()).isEqualTo("Fine \0");
        assertThat(answer.path("model").asText()).isEqualTo("large");
        assertThat(answer.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.path("usage").toString())
                .isEqualTo("{\"input_tokens\":1,\"output_tokens\":2,\"total_tokens\":3,\"cost\":0.5}");
        assertThat(answer.path("channel").asText()).isEqualTo("answer:" + owner + ":" + id);
    }

    @Test
    void ofAnAnswerThatRunsTheTextSoFarIsReadFromItsChannel() {
        UUID id = copied(owner, "running", "");
        tell(id, "answer_started", Map.of("attempt", 1, "seq", 0));
        tell(id, "answer_delta", Map.of("attempt", 1, "seq", 1, "text", "Well"));
        tell(id, "answer_started", Map.of("attempt", 2, "seq", 0));
        tell(id, "answer_delta", Map.of("attempt", 2, "seq", 1, "text", "Fi"));
        tell(id, "answer_delta", Map.of("attempt", 2, "seq", 2, "text", "ne"));
        TestBroker.shared().producer().flush();

        JsonNode answer = http.get("/answers/" + id).body();

        assertThat(answer.path("state").asText()).isEqualTo("running");
        assertThat(answer.path("text").asText()).isEqualTo("Fine");
        assertThat(answer.path("model").asText()).isEqualTo("small");
        assertThat(answer.has("usage")).isFalse();
    }

    @Test
    void aFailedAnswerSaysWhyAndKeepsWhatThereIs() {
        UUID id = copied(owner, "dead", "");
        JobProjections.attempt(id, 1, "failed", "provider_broken");
        tell(id, "answer_started", Map.of("attempt", 1, "seq", 0));
        tell(id, "answer_delta", Map.of("attempt", 1, "seq", 1, "text", "Fi"));
        TestBroker.shared().producer().flush();

        JsonNode answer = http.get("/answers/" + id).body();

        assertThat(answer.path("state").asText()).isEqualTo("failed");
        assertThat(answer.path("text").asText()).isEqualTo("Fi");
        assertThat(answer.path("error").toString())
                .isEqualTo("{\"reason\":\"provider_broken\",\"detail\":\"it failed\"}");
    }

    @Test
    void anAnswerOfSomebodyElseIsNotThere() {
        UUID id = copied(UUID.randomUUID(), "running", "");

        assertThat(http.get("/answers/" + id).status()).isEqualTo(404);
        assertThat(http.send("POST", "/answers/" + id + "/cancel", null).status())
                .isEqualTo(404);
        assertThat(http.get("/answers/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(http.get("/answers/none").status()).isEqualTo(400);
    }

    @Test
    void aCancellationIsSaidOnTheChannelAndASecondOneIsTheSame() {
        String id = http.post("/answers", HELLO).body().path("id").asText();
        copy(id, "ready");
        JobProjections.catchUp();

        Http.Answer first = http.send("POST", "/answers/" + id + "/cancel", null);
        JobProjections.catchUp();
        Http.Answer second = http.send("POST", "/answers/" + id + "/cancel", null);

        assertThat(first.status()).as(first.body().toString()).isEqualTo(200);
        assertThat(first.body().path("state").asText()).isEqualTo("cancelled");
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body().path("state").asText()).isEqualTo("cancelled");
        assertThat(told(UUID.fromString(id)))
                .extracting(logged -> logged.event().id() + " " + logged.event().type())
                .containsOnly(id + ".cancelled answer_cancelled");
    }

    @Test
    void anAnswerThatIsCompletedIsNotCancelled() {
        String id = http.post("/answers", HELLO).body().path("id").asText();
        copy(id, "succeeded");
        TestJobDecider.shared().put(UUID.fromString(id), JobState.SUCCEEDED);
        JobProjections.catchUp();

        Http.Answer answer = http.send("POST", "/answers/" + id + "/cancel", null);

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(409);
        assertThat(answer.body().path("detail").asText()).contains("The answer is completed");
        assertThat(told(UUID.fromString(id))).isEmpty();
    }

    private void copy(String id, String state) {
        JobProjections.job(UUID.fromString(id), "answers", "answer", state, Instant.now());
        database.update("update jobs set limit_key = ? where id = ?", owner.toString(), UUID.fromString(id));
    }

    @Test
    void whoHasTakenTheTokensOfADayWaits() {
        copied(owner, "succeeded", "{\"text\":\"\\u0000\",\"usage\":{\"total_tokens\":199000}}");
        UUID old = copied(owner, "succeeded", "{\"usage\":{\"total_tokens\":199000}}");
        database.update("update jobs set enqueued_at = now() - interval '25 hours' where id = ?", old);
        copied(UUID.randomUUID(), "succeeded", "{\"usage\":{\"total_tokens\":199000}}");
        assertThat(http.post("/answers", HELLO).status()).isEqualTo(202);

        copied(owner, "running", "");
        Http.Answer answer = http.post("/answers", HELLO);

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).isEqualTo("3600");
        assertThat(answer.body().path("detail").asText()).contains("199510 of 200000 tokens");
        assertThat(http.post("/answers", HELLO.replace("}]}", "}],\"max_tokens\":100}"))
                        .status())
                .isEqualTo(202);
    }

    @Test
    void whoHasAHundredAnswersThatHaveNotEndedWaits() {
        copied(owner, "succeeded", "{\"usage\":{\"total_tokens\":1}}");
        int most = database.update(
                "insert into jobs (id, queue, type, state, priority, run_at, attempt, max_attempts, timeout_seconds,"
                    + " enqueued_at, limit_key) select gen_random_uuid(), 'answers', 'answer', 'ready', 5, now(), 0,"
                    + " 3, 60, now(), ? from generate_series(1, ?)",
                owner.toString(),
                AnswerBudget.MOST_UNFINISHED - 1);
        try {
            assertThat(http.post("/answers", HELLO).status()).isEqualTo(202);
            copied(owner, "running", "");

            Http.Answer answer = http.post("/answers", HELLO);

            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.body().path("detail").asText()).contains(most + 1 + " of your answers");
        } finally {
            // Other tests look at the jobs of all queues.
            database.update("delete from jobs where limit_key = ? and attempt = 0", owner.toString());
        }
    }

    @Test
    void modelsAreShownWithWhetherTheyCanBeReachedAndWithoutKeysAndAddresses() {
        JsonNode models = http.get("/models").body();

        assertThat(models.path("models").findValuesAsText("name")).containsExactly("large", "small");
        assertThat(models.path("models").findValuesAsText("reachable")).containsExactly("false", "false");
        assertThat(models.path("models").path(0).path("reason").asText()).isEqualTo("it has no key here");
        assertThat(models.path("models").path(1).path("reason").asText()).isEqualTo("not connected");
        assertThat(models.path("models").path(1).path("fallbacks").path(0).asText())
                .isEqualTo("large");
        assertThat(models.toString()).doesNotContain("127.0.0.1");
        assertThat(TestIngest.shared().anonymous().get("/models").status()).isEqualTo(401);
    }
}
