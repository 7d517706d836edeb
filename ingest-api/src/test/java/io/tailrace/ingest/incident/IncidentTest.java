package io.tailrace.ingest.incident;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestJobDecider;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.kit.json.Json;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class IncidentTest {
    private final Http http = TestIngest.shared().with(TestKeys.shared().jobs("incident"));
    private final String unique = UUID.randomUUID().toString();

    @BeforeEach
    void decide() {
        var unused = TestJobDecider.shared();
    }

    private JsonNode tell(String body) {
        Http.Answer answer = http.post("/incidents", body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        return answer.body().path("notifications");
    }

    private static String incident(String severity, String more) {
        return "{\"title\": \"Disk full\", \"text\": \"db1:\\n/ has 0 bytes left\", \"severity\": \"" + severity + "\""
                + more + "}";
    }

    private static JsonNode payload(JsonNode notification) throws Exception {
        String topicKey = notification.path("type").asText().equals("email") ? "notifications" : "telegram";
        return Json.mapper()
                .readTree(TestLog.events(Topics.JOB_COMMANDS, topicKey).stream()
                        .filter(logged -> logged.event()
                                .id()
                                .equals(notification.path("job").asText()))
                        .findFirst()
                        .orElseThrow()
                        .data())
                .path("payload");
    }

    @Test
    void whoeverTheFileNamesIsToldByMailAndByTelegram() throws Exception {
        JsonNode told = tell(incident("critical", ""));

        assertThat(told.findValuesAsText("recipient")).containsExactly("everybody", "oncall", "oncall");
        assertThat(told.findValuesAsText("type")).containsExactly("email", "email", "telegram");
        assertThat(told.findValuesAsText("state")).containsOnly("ready");
        assertThat(payload(told.path(1)).toString())
                .contains(
                        "\"to\":\"oncall@example.org\"",
                        "\"subject\":\"[critical] Disk full\"",
                        "\"text\":\"Disk full\\n\\ndb1:\\n/ has 0 bytes left\"");
        assertThat(payload(told.path(2)).toString())
                .contains("\"chat_id\":-1001234567890", "\"text\":\"[critical] Disk full\\n\\ndb1:");
    }

    @Test
    void whoWantsToKnowOfOtherSeveritiesOnlyIsNotTold() {
        assertThat(tell(incident("info", "")).findValuesAsText("recipient")).containsExactly("everybody");
    }

    @Test
    void nobodyIsToldTwiceOfIncidentsWithTheSameKey() {
        String body = incident("critical", ", \"dedupe_key\": \"" + unique + "\"");
        JsonNode first = tell(body);
        JsonNode second = tell(body);

        assertThat(first.findValuesAsText("repeated")).containsOnly("false");
        assertThat(second.findValuesAsText("repeated")).containsOnly("true");
        assertThat(second.findValuesAsText("job")).isEqualTo(first.findValuesAsText("job"));
        Http other = TestIngest.shared().with(TestKeys.shared().jobs("incident"));
        assertThat(other.post("/incidents", body).body().findValuesAsText("repeated"))
                .containsOnly("false");
    }

    @Test
    void alertmanagerIsUnderstood() throws Exception {
        JsonNode firing = tell(alerts(alert("firing", "2026-01-02T03:04:05Z")));
        JsonNode again = tell(alerts(alert("firing", "2026-01-02T03:04:05Z")));
        JsonNode resolved = tell(alerts(alert("resolved", "2026-01-02T03:04:05Z")));
        JsonNode anew = tell(alerts(alert("firing", "2026-01-02T05:00:00Z")));

        assertThat(firing.findValuesAsText("recipient")).containsExactly("everybody", "oncall", "oncall");
        assertThat(again.findValuesAsText("repeated")).containsOnly("true");
        assertThat(resolved.findValuesAsText("repeated")).containsOnly("false");
        assertThat(anew.findValuesAsText("repeated")).containsOnly("false");
        JsonNode mail = payload(firing.path(0));
        assertThat(mail.path("subject").asText()).isEqualTo("[critical] db1 is full");
        assertThat(mail.path("text").asText())
                .contains("db1 is full\n\nIt has no room.", "alertname: DiskFull", "severity: critical");
        assertThat(payload(resolved.path(0)).path("subject").asText()).isEqualTo("[critical] Resolved: db1 is full");
    }

    @Test
    void ofVeryManyAlertsTheLastAreToldOfTogether() throws Exception {
        String many = IntStream.range(0, 25)
                .mapToObj(i -> "{\"status\": \"firing\", \"labels\": {\"alertname\": \"A" + i % 7
                        + "\"}, \"fingerprint\": \"" + unique + i + "\"}")
                .collect(Collectors.joining(","));
        JsonNode told = tell(alerts(many));

        assertThat(told).hasSize(IncidentReader.MAX_ALERTS + 1);
        assertThat(payload(told.path(IncidentReader.MAX_ALERTS)).path("subject").asText())
                .isEqualTo("[unknown] 5 more alerts");
    }

    private String alert(String status, String startsAt) {
        return "{\"status\": \"" + status + "\", \"labels\": {\"alertname\": \"DiskFull\", \"severity\": \"critical\"},"
                + " \"annotations\": {\"summary\": \"db1\\r\\nis full\", \"description\": \"It has no room.\"},"
                + " \"startsAt\": \"" + startsAt + "\", \"endsAt\": \"0001-01-01T00:00:00Z\", \"generatorURL\": \"\","
                + " \"fingerprint\": \"" + unique + "\"}";
    }

    private static String alerts(String alerts) {
        return "{\"version\": \"4\", \"groupKey\": \"{}:{}\", \"truncatedAlerts\": 0, \"status\": \"firing\","
                + " \"receiver\": \"tailrace\", \"groupLabels\": {}, \"commonLabels\": {}, \"commonAnnotations\": {},"
                + " \"externalURL\": \"http://alertmanager\", \"alerts\": [" + alerts + "]}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"text\": \"t\", \"severity\": \"info\"} | title",
                "{\"title\": \"a\\nb\", \"text\": \"t\", \"severity\": \"info\"} | title",
                "{\"title\": \"a\", \"text\": \"t\", \"severity\": \"Very Bad\"} | severity",
                "{\"title\": \"a\", \"text\": \"t\", \"severity\": \"info\", \"dedupe_key\": 3} | dedupe_key",
                "{\"title\": \"a\", \"text\": \"t\", \"severity\": \"info\", \"colour\": 3} | colour",
                "{\"alerts\": []} | alerts",
                "{\"alerts\": [3]} | alerts[0]",
                "3 | body",
            })
    void whatIsNoIncidentIsRefused(String body, String field) {
        Http.Answer answer = http.post("/incidents", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly(field);
    }

    @Test
    void theRightForIncidentsIsOneOfItsOwn() {
        String body = incident("info", "");

        assertThat(TestIngest.shared()
                        .with(TestKeys.shared().jobs("email", "telegram"))
                        .post("/incidents", body)
                        .status())
                .isEqualTo(403);
        assertThat(TestIngest.shared()
                        .with(TestKeys.shared().operator())
                        .post("/incidents", body)
                        .status())
                .isEqualTo(202);
        assertThat(TestIngest.shared().anonymous().post("/incidents", body).status())
                .isEqualTo(401);
        assertThat(http.post("/jobs", "{\"type\": \"email\", \"payload\": {}}").status())
                .isEqualTo(403);
    }

    @Test
    void withoutAFileNobodyWouldBeToldAndTheSenderLearnsThat() {
        try (TestIngest other = TestIngest.start(Map.of("tailrace.notify.file", ""))) {
            Http.Answer answer = other.with(TestKeys.shared().operator()).post("/incidents", incident("info", ""));

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body().path("detail").asText()).contains("TAILRACE_NOTIFY_FILE");
        }
    }
}
