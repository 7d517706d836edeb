package io.tailrace.ingest.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.ScheduleProjections;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestJobDecider;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestPostgres;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class BridgeTest {
    private static final String METRICS = "\"metrics\": [{\"remote\": \"room\", \"name\": \"the room\"}]";
    private static final String PLAIN = "{\"target\": \"localhost:50051\", " + METRICS + "}";

    private final TestJobDecider decider = TestJobDecider.shared();
    private final Http http = TestIngest.shared().with(TestKeys.shared().operator());
    private final String name = "b-" + UUID.randomUUID();

    @BeforeEach
    void copy() {
        ScheduleProjections.start();
    }

    @AfterEach
    void delete() {
        decider.goOn();
        var unused = http.send("DELETE", "/bridges/" + name, null);
    }

    private Http.Answer put(String json) {
        return http.send("PUT", "/bridges/" + name, json.getBytes(StandardCharsets.UTF_8));
    }

    private static List<JsonNode> values(String topic, String key) throws IOException {
        List<JsonNode> values = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : TestBroker.shared().records(topic)) {
            if (record.value() != null && new String(record.key(), StandardCharsets.UTF_8).equals(key)) {
                values.add(Json.read(record.value(), JsonNode.class));
            }
        }
        return values;
    }

    @Test
    void a_new_bridge_is_201_a_changed_one_200_and_both_are_read_as_they_were_set() {
        Http.Answer created = put(PLAIN);
        Http.Answer changed = put("{\"target\": \"[::1]:7\", \"tls\": {\"server_name\": \"source.example.org\"},"
                + " \"resolution\": \"10s\", \"frequency\": 4, " + METRICS + "}");

        assertThat(created.status()).as(created.body().toString()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/bridges/" + name);
        assertThat(created.body().path("resolution").asText()).isEqualTo("raw");
        assertThat(created.body().path("state").asText()).isEqualTo("starting");
        assertThat(changed.status()).as(changed.body().toString()).isEqualTo(200);
        Http.Answer read = http.get("/bridges/" + name);
        assertThat(read.status()).isEqualTo(200);
        JsonNode bridge = read.body();
        assertThat(bridge.path("target").asText()).isEqualTo("[::1]:7");
        assertThat(bridge.path("tls").path("server_name").asText()).isEqualTo("source.example.org");
        assertThat(bridge.path("resolution").asText()).isEqualTo("10s");
        assertThat(bridge.path("frequency").asDouble()).isEqualTo(4);
        assertThat(bridge.path("created_at")).isEqualTo(created.body().path("created_at"));
        JsonNode metric = bridge.path("metrics").path(0);
        assertThat(metric.path("remote").asText()).isEqualTo("room");
        assertThat(metric.path("name").asText()).isEqualTo("the room");
        assertThat(UUID.fromString(metric.path("metric_id").asText()).version()).isEqualTo(7);
        assertThat(http.get("/bridges").body().path("bridges").findValuesAsText("name"))
                .contains(name);
    }

    @Test
    void a_bridge_is_a_system_schedule_whose_first_job_is_begun_at_once() throws IOException {
        put(PLAIN);

        JsonNode set = values(Topics.SCHEDULES, Bridge.schedule(name)).getLast();
        assertThat(set.path("cron").asText()).isEqualTo("* * * * *");
        assertThat(set.path("overlap").asText()).isEqualTo("skip");
        assertThat(set.path("job").path("key").asText()).isEqualTo(name);
        assertThat(set.path("payload").path("target").asText()).isEqualTo("localhost:50051");
        Eventually.holds("its job is begun", () -> !commands().isEmpty());
        assertThat(commands()).singleElement().satisfies(command -> {
            assertThat(command.path("job").path("unique_key").asText()).isEqualTo("schedule/" + Bridge.schedule(name));
            assertThat(command.path("job").path("type").asText()).isEqualTo("bridge");
        });
        assertThat(http.get("/schedules/system%2Fbridge." + name).status()).isEqualTo(200);
    }

    /** The commands that begin jobs of the bridge. */
    private List<JsonNode> commands() throws IOException {
        return values(Topics.JOB_COMMANDS, "bridges").stream()
                .filter(command -> command.path("payload").path("name").asText().equals(name))
                .toList();
    }

    @Test
    void a_deleted_bridge_is_404_and_so_is_deleting_it_again() {
        put(PLAIN);

        assertThat(http.send("DELETE", "/bridges/" + name, null).status()).isEqualTo(204);
        assertThat(http.get("/bridges/" + name).status()).isEqualTo(404);
        assertThat(http.send("DELETE", "/bridges/" + name, null).status()).isEqualTo(404);
    }

    @Test
    void what_the_worker_says_is_shown_as_long_as_it_says_something() {
        put(PLAIN);
        TestPostgres.shared()
                .update(
                        "insert into bridge_positions (bridge, remote, name, metric_id, job_id, token, numbering,"
                            + " epoch, sequence, state, error_type, error, readings, gaps, last_gap, reconnects)"
                            + " values (?, 'room', 'the room', ?, ?, 1, 'x', 'e', 41, 'failing', 'tls_failed', 'TLS:"
                            + " wrong', 40, 1, '{\"first_sequence\": 7}', 3)",
                        name,
                        UUID.randomUUID(),
                        UUID.randomUUID());

        JsonNode bridge = http.get("/bridges/" + name).body();
        JsonNode metric = bridge.path("metrics").path(0);
        assertThat(bridge.path("state").asText()).isEqualTo("failing");
        assertThat(bridge.path("gaps").asInt()).isEqualTo(1);
        assertThat(bridge.path("reconnects").asInt()).isEqualTo(3);
        assertThat(metric.path("last_sequence").asInt()).isEqualTo(41);
        assertThat(metric.path("epoch").asText()).isEqualTo("e");
        assertThat(metric.path("error").path("type").asText()).isEqualTo("tls_failed");
        assertThat(metric.path("last_gap").path("first_sequence").asInt()).isEqualTo(7);

        TestPostgres.shared()
                .update("update bridge_positions set seen_at = now() - interval '1 hour' where bridge = ?", name);
        JsonNode silent = http.get("/bridges/" + name).body();
        assertThat(silent.path("state").asText()).isEqualTo("starting");
        assertThat(silent.path("metrics").path(0).path("last_sequence").asInt()).isEqualTo(41);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"target\": \"http://localhost:8080\", \"metrics\": [{\"remote\": \"a\"}]}; target",
                "{\"target\": \"https://localhost:8080/x\", \"metrics\": [{\"remote\": \"a\"}]}; target",
                "{\"target\": \"localhost\", \"metrics\": [{\"remote\": \"a\"}]}; target",
                "{\"target\": \"localhost:0\", \"metrics\": [{\"remote\": \"a\"}]}; target",
                "{\"target\": \"localhost:65536\", \"metrics\": [{\"remote\": \"a\"}]}; target",
                "{\"target\": \"a b:1\", \"metrics\": [{\"remote\": \"a\"}]}; target",
                "{\"target\": \"my_host:9090\", \"metrics\": [{\"remote\": \"a\"}]}; target",
                "{\"target\": \"a..b:80\", \"metrics\": [{\"remote\": \"a\"}]}; target",
                "{\"target\": \"1.2.3:80\", \"metrics\": [{\"remote\": \"a\"}]}; target",
                "{\"target\": 7, \"metrics\": [{\"remote\": \"a\"}]}; target",
                "{\"metrics\": [{\"remote\": \"a\"}]}; target",
                "{\"target\": \"a:1\"}; metrics",
                "{\"target\": \"a:1\", \"metrics\": []}; metrics",
                "{\"target\": \"a:1\", \"metrics\": {}}; metrics",
                "{\"target\": \"a:1\", \"metrics\": [7]}; metrics[0]",
                "{\"target\": \"a:1\", \"metrics\": [{\"remote\": \"a\"}, {\"remote\": \"a\"}]}; metrics[1].remote",
                "{\"target\": \"a:1\", \"metrics\": [{\"remote\": \"a\"}, {\"remote\": \"b\", \"name\": \"a\"}]};"
                        + " metrics[1].name",
                "{\"target\": \"a:1\", \"metrics\": [{\"remote\": \"\"}]}; metrics[0].remote",
                "{\"target\": \"a:1\", \"metrics\": [{\"remote\": 7}]}; metrics[0].remote",
                "{\"target\": \"a:1\", \"metrics\": [{\"remote\": \"a\", \"name\": \"\"}]}; metrics[0].name",
                "{\"target\": \"a:1\", \"metrics\": [{\"remote\": \"a\"}], \"tls\": \"yes\"}; tls",
                "{\"target\": \"a:1\", \"metrics\": [{\"remote\": \"a\"}], \"tls\": {\"server_name\": \"a/b\"}};"
                        + " tls.server_name",
                "{\"target\": \"a:1\", \"metrics\": [{\"remote\": \"a\"}], \"tls\": {\"certificates\": \"x\"}};"
                        + " tls.certificates",
                "{\"target\": \"a:1\", \"metrics\": [{\"remote\": \"a\"}], \"resolution\": \"often\"}; resolution",
                "{\"target\": \"a:1\", \"metrics\": [{\"remote\": \"a\"}], \"frequency\": 0}; frequency",
                "{\"target\": \"a:1\", \"metrics\": [{\"remote\": \"a\"}], \"frequency\": 1e9}; frequency",
                "{\"target\": \"a:1\", \"metrics\": [{\"remote\": \"a\"}], \"frequency\": \"1\"}; frequency",
                "{\"target\": \"a:1\", \"metrics\": [{\"remote\": \"a\"}], \"pace\": 1}; pace"
            })
    void what_is_wrong_is_400_with_the_field(String body, String field) {
        Http.Answer answer = put(body);

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly(field);
        assertThat(http.get("/bridges/" + name).status()).isEqualTo(404);
    }

    @Test
    void names_of_ten_kilobytes_are_400_and_not_shown_whole() {
        String tenKilobytes = "x".repeat(10_240);
        Http.Answer answer = put("{\"target\": \"" + tenKilobytes + ":1\", \"metrics\": [{\"remote\": \"" + tenKilobytes
                + "\"}, {\"remote\": \"a\", \"name\": \"" + tenKilobytes + "\"}]}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field"))
                .containsExactlyInAnyOrder("target", "metrics[0].remote", "metrics[1].name");
        assertThat(answer.body().toString()).hasSizeLessThan(2_000);
        assertThat(http.get("/bridges/" + tenKilobytes.substring(0, 5_000)).status())
                .isEqualTo(400);
        // A name of the source's may be longer than one of ours, which is then to be given.
        assertThat(put("{\"target\": \"a:1\", \"metrics\": [{\"remote\": \"" + "x".repeat(150) + "\"}]}")
                        .body()
                        .path("errors")
                        .findValuesAsText("field"))
                .containsExactly("metrics[0].name");
    }

    @Test
    void more_metrics_than_a_bridge_may_have_are_400() {
        List<String> metrics = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            metrics.add("{\"remote\": \"m" + i + "\"}");
        }
        Http.Answer answer = put("{\"target\": \"a:1\", \"metrics\": [" + String.join(",", metrics) + "]}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly("metrics");
    }

    @Test
    void nobody_but_an_operator_may() {
        Http nobody = TestIngest.shared().with(TestKeys.shared().organizer());

        assertThat(nobody.get("/bridges").status()).isEqualTo(403);
        assertThat(nobody.send("PUT", "/bridges/" + name, PLAIN.getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(403);
    }
}
