package io.tailrace.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.ScheduleProjections;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestJobDecider;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class ScheduleTest {
    private static final String EMAIL =
            "\"type\": \"email\", \"payload\": {\"to\": \"ada@example.org\", \"subject\": \"Hello\","
                    + " \"text\": \"Dear Ada\"}";
    private static final String DAILY = "{\"cron\": \"30 2 * * *\", \"time_zone\": \"Europe/Berlin\", " + EMAIL + "}";

    private final TestJobDecider decider = TestJobDecider.shared();
    private final Http http = TestIngest.shared().with(TestKeys.shared().operator());
    private final String name = "s-" + UUID.randomUUID();

    @BeforeEach
    void copy() {
        ScheduleProjections.start();
    }

    @AfterEach
    void goOn() {
        decider.goOn();
    }

    private Http.Answer put(String schedule, String json) {
        return http.send("PUT", "/schedules/" + schedule, json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_new_schedule_is_201_a_changed_one_200_and_both_are_read_as_they_were_set() {
        Http.Answer created = put(name, DAILY);
        Http.Answer changed = put(
                name,
                "{\"cron\": \"@hourly\", \"time_zone\": \"UTC\", \"queue\": \"maintenance\", \"missed\": \"all\","
                        + " \"overlap\": \"allow\", " + EMAIL + "}");

        assertThat(created.status()).as(created.body().toString()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/schedules/" + name);
        assertThat(created.body().path("missed").asText()).isEqualTo("last");
        assertThat(created.body().path("overlap").asText()).isEqualTo("skip");
        assertThat(created.body().path("queue").asText()).isEqualTo("notifications");
        assertThat(changed.status()).as(changed.body().toString()).isEqualTo(200);
        Http.Answer read = http.get("/schedules/" + name);
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.header("Tailrace-Stale")).isEmpty();
        assertThat(read.body().path("cron").asText()).isEqualTo("@hourly");
        assertThat(read.body().path("time_zone").asText()).isEqualTo("UTC");
        assertThat(read.body().path("queue").asText()).isEqualTo("maintenance");
        assertThat(read.body().path("missed").asText()).isEqualTo("all");
        assertThat(read.body().path("overlap").asText()).isEqualTo("allow");
        assertThat(read.body().path("payload").path("to").asText()).isEqualTo("ada@example.org");
    }

    @Test
    void the_next_five_times_are_shown() {
        JsonNode next = put(name, "{\"cron\": \"0 12 * * *\", \"time_zone\": \"UTC\", " + EMAIL + "}")
                .body()
                .path("next");

        assertThat(next).hasSize(5);
        Instant before = null;
        for (JsonNode time : next) {
            Instant at = Instant.parse(time.asText());
            assertThat(at.toString()).endsWith("T12:00:00Z");
            assertThat(before == null || Duration.between(before, at).equals(Duration.ofDays(1)))
                    .isTrue();
            before = at;
        }
    }

    @Test
    void what_stands_in_the_log_has_all_that_the_dispatcher_needs() {
        put(name, DAILY);

        String set = TestBroker.shared().records(Topics.SCHEDULES).stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(name))
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
        assertThat(set)
                .contains(
                        "\"cron\":\"30 2 * * *\"",
                        "\"time_zone\":\"Europe/Berlin\"",
                        "\"max_attempts\":8",
                        "\"first_delay_ms\":5000",
                        "\"missed\":\"last\"");
    }

    @Test
    void a_deleted_schedule_is_404_and_so_is_deleting_it_again() {
        put(name, DAILY);
        Http.Answer deleted = http.send("DELETE", "/schedules/" + name, null);

        assertThat(deleted.status()).isEqualTo(204);
        assertThat(http.get("/schedules/" + name).status()).isEqualTo(404);
        assertThat(http.send("DELETE", "/schedules/" + name, null).status()).isEqualTo(404);
        assertThat(http.send("POST", "/schedules/" + name + "/run-now", null).status())
                .isEqualTo(404);
    }

    @Test
    void run_now_enqueues_its_job_once_for_each_key_and_not_while_one_is_unfinished() {
        put(name, DAILY);
        Http keyed = http.header("Idempotency-Key", name);

        Http.Answer first = keyed.send("POST", "/schedules/" + name + "/run-now", null);
        Http.Answer again = keyed.send("POST", "/schedules/" + name + "/run-now", null);
        Http.Answer other = http.send("POST", "/schedules/" + name + "/run-now", null);

        assertThat(List.of(first.status(), again.status(), other.status()))
                .as(first.body().toString())
                .containsExactly(201, 201, 200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(other.body()).isEqualTo(first.body());
        assertThat(first.body().path("type").asText()).isEqualTo("email");
    }

    @Test
    void run_now_of_a_schedule_that_allows_overlaps_is_a_job_each_time() {
        put(name, "{\"cron\": \"@daily\", \"time_zone\": \"UTC\", \"overlap\": \"allow\", " + EMAIL + "}");

        Http.Answer first = http.send("POST", "/schedules/" + name + "/run-now", null);
        Http.Answer second = http.send("POST", "/schedules/" + name + "/run-now", null);

        assertThat(List.of(first.status(), second.status())).containsExactly(201, 201);
        assertThat(second.body().path("id")).isNotEqualTo(first.body().path("id"));
    }

    @Test
    void pages_have_every_schedule_once_by_name() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            names.add(name + "-" + i);
            put(names.get(i), DAILY);
        }

        List<String> found = new ArrayList<>();
        String after = name;
        while (!after.equals("null")) {
            JsonNode page = http.get("/schedules?limit=2&after=" + after).body();
            page.path("schedules").forEach(schedule -> {
                assertThat(schedule.has("payload")).isFalse();
                assertThat(schedule.path("next")).hasSize(5);
                found.add(schedule.path("name").asText());
            });
            after = page.path("next").asText();
        }
        assertThat(found).startsWith(names.toArray(String[]::new)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    [] | body | expected an object
                    {} | cron | is missing
                    {} | time_zone | is missing
                    {} | type | is missing, expected one of email
                    {"cron": "0 0 31 2 *"} | cron | is never due
                    {"cron": "whenever"} | cron | expected five fields
                    {"cron": "61 * * * *"} | cron | expected five fields
                    {"cron": 5} | cron | expected a cron text
                    {"time_zone": "Europe/Nowhere"} | time_zone | "Europe/Nowhere", expected a region
                    {"time_zone": "+02:00"} | time_zone | expected a region
                    {"time_zone": 2} | time_zone | expected a region
                    {"missed": "some"} | missed | "some", expected none, last or all
                    {"overlap": true} | overlap | true, expected allow or skip
                    {"type": "sms"} | type | "sms", expected one of email
                    {"type": "bridge"} | type | "bridge" is made by PUT /bridges/{name} alone
                    {"queue": "none"} | queue | expected one of
                    {"payload": {"to": "ada"}} | payload.to | expected email
                    {"payload": null} | payload | expected an object
                    {"run_at": "9999-12-31T23:59:59Z"} | run_at | unknown field
                    {"colour": 1} | colour | unknown field
                    """)
    void what_is_wrong_is_400_with_what_was_expected(String change, String field, String message) throws IOException {
        JsonNode changes = Json.mapper().readTree(change);
        JsonNode body = changes;
        if (changes instanceof ObjectNode fields && !fields.isEmpty()) {
            body = ((ObjectNode) Json.mapper().readTree(DAILY)).setAll(fields);
        }

        Http.Answer answer = put(name, body.toString());

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).contains(field);
        assertThat(answer.body().path("errors").toString().replace("\\\"", "\""))
                .contains(message);
    }

    @Test
    void a_cron_text_of_ten_kilobytes_is_400_and_not_shown_whole() {
        String cron = "0,".repeat(5_120) + "0 * * * *";

        Http.Answer answer = put(name, "{\"cron\": \"" + cron + "\", \"time_zone\": \"UTC\", " + EMAIL + "}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().toString()).contains("10249 characters, expected at most 200");
        assertThat(answer.body().toString()).hasSizeLessThan(1_000);
    }

    @Test
    void a_payload_of_a_mebibyte_is_413() {
        String event = "{\"a\": \"" + "x".repeat(1 << 20) + "\"}";

        Http.Answer answer = put(
                name,
                "{\"cron\": \"@daily\", \"time_zone\": \"UTC\", \"type\": \"webhook\", \"payload\": {\"url\":"
                        + " \"https://example.org\", \"event\": " + event + "}}");

        assertThat(answer.status()).isEqualTo(413);
    }

    @ParameterizedTest
    @CsvSource({"Report", "1st", "a%20b", "a%00", "%F0%9F%92%A9", "clock%2F0", "..", "a*"})
    void a_name_that_no_schedule_can_have_is_400_or_no_route(String strange) {
        assertThat(put(strange, DAILY).status()).isIn(400, 404, 405);
        assertThat(http.get("/schedules/" + strange).status()).isIn(400, 404);
    }

    @Test
    void a_long_name_is_400() {
        assertThat(put("a".repeat(65), DAILY).status()).isEqualTo(400);
        assertThat(put("a".repeat(64), DAILY).status()).isIn(200, 201);
    }

    @Test
    void only_operators_may() {
        Http person = TestIngest.shared().with(TestKeys.shared().person(UUID.randomUUID()));
        Http service = TestIngest.shared().with(TestKeys.shared().jobs("*"));
        Http anonymous = TestIngest.shared().anonymous();
        byte[] body = DAILY.getBytes(StandardCharsets.UTF_8);

        for (Http each : List.of(person, service, anonymous)) {
            int expected = each == anonymous ? 401 : 403;
            assertThat(each.send("PUT", "/schedules/" + name, body).status()).isEqualTo(expected);
            assertThat(each.get("/schedules").status()).isEqualTo(expected);
            assertThat(each.get("/schedules/" + name).status()).isEqualTo(expected);
            assertThat(each.send("DELETE", "/schedules/" + name, null).status()).isEqualTo(expected);
            assertThat(each.send("POST", "/schedules/" + name + "/run-now", null)
                            .status())
                    .isEqualTo(expected);
        }
    }

    @Test
    void the_unique_keys_of_schedules_are_of_nobody_else() {
        Http.Answer answer = http.post("/jobs", "{" + EMAIL + ", \"unique_key\": \"schedule/" + name + "\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly("unique_key");
    }

    @Test
    void schedules_of_tailrace_itself_are_read_and_run_and_not_changed() throws Exception {
        String system = "system/" + name;
        put(name, DAILY);
        ConsumerRecord<byte[], byte[]> own = TestBroker.shared().records(Topics.SCHEDULES).stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(name))
                .findFirst()
                .orElseThrow();
        String set =
                new String(own.value(), StandardCharsets.UTF_8).replace("\"name\":\"" + name, "\"name\":\"" + system);
        TestBroker.shared()
                .producer()
                .send(new ProducerRecord<>(
                        Topics.SCHEDULES,
                        FactKeys.partition(system),
                        system.getBytes(StandardCharsets.UTF_8),
                        set.getBytes(StandardCharsets.UTF_8),
                        own.headers()))
                .get();
        String path = "/schedules/system%2F" + name;
        byte[] body = DAILY.getBytes(StandardCharsets.UTF_8);

        assertThat(http.get(path).body().path("name").asText()).isEqualTo(system);
        assertThat(http.send("PUT", path, body).status()).isEqualTo(403);
        assertThat(http.send("DELETE", path, null).status()).isEqualTo(403);
        assertThat(http.send("POST", path + "/run-now", null).status()).isEqualTo(201);
    }
}
