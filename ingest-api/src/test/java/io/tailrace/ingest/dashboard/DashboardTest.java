package io.tailrace.ingest.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.DashboardProjections;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class DashboardTest {
    private static final String PANEL =
            "{\"title\": \"Rooms\", \"metrics\": [\"0190f3c2-0000-7000-8000-000000000001\"], \"resolution\": \"10s\"}";
    private static final String BODY = "{\"name\": \"House\", \"range\": \"1h\", \"panels\": [" + PANEL + "]}";
    private static final String SHARED = BODY.replace("\"range\"", "\"shared\": true, \"range\"");

    private final UUID owner = UUID.randomUUID();
    private final Http http = TestIngest.shared().with(TestKeys.shared().person(owner));
    private final Http nobody = TestIngest.shared().anonymous();

    @BeforeEach
    void theCopyIsThere() {
        DashboardProjections.upToDate(owner);
    }

    @Test
    void a_dashboard_is_a_fact_under_its_owners_key_when_it_is_answered() {
        Http.Answer answer = http.post("/dashboards", BODY);

        assertThat(answer.status()).isEqualTo(201);
        String id = answer.body().path("id").asText();
        assertThat(answer.body().path("shared").asBoolean()).isFalse();
        assertThat(answer.body().at("/panels/0/title").asText()).isEqualTo("Rooms");
        assertThat(TestLog.events(Topics.DASHBOARDS, id)).singleElement().satisfies(logged -> {
            assertThat(logged.key()).isEqualTo(FactKeys.of(owner.toString(), id));
            assertThat(logged.partition()).isEqualTo(FactKeys.partition(owner.toString()));
            assertThat(logged.event().type()).isEqualTo("dashboard_saved");
            assertThat(logged.data()).contains("\"owner_id\":\"" + owner + "\"", "\"link\":null");
        });
    }

    @Test
    void it_is_read_listed_and_changed_as_a_whole() {
        String id = create(BODY);

        assertThat(http.get("/dashboards/" + id).body().path("range").asText()).isEqualTo("1h");
        Http.Answer changed = put(id, "{\"name\": \"Garden\", \"panels\": []}");

        assertThat(changed.status()).isEqualTo(200);
        DashboardProjections.copy(owner);
        JsonNode now = http.get("/dashboards/" + id).body();
        assertThat(now.path("name").asText()).isEqualTo("Garden");
        assertThat(now.path("range").asText()).isEqualTo("15m");
        assertThat(now.path("panels")).isEmpty();
        assertThat(now.path("created_at").asText())
                .isLessThan(now.path("changed_at").asText());
        assertThat(http.get("/dashboards").body().path("dashboards").findValuesAsText("id"))
                .containsExactly(id);
    }

    @Test
    void a_list_has_pages_the_newest_first() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            made.addFirst(create(BODY));
        }

        JsonNode first = http.get("/dashboards?limit=2").body();
        JsonNode second = http.get(
                        "/dashboards?limit=2&before=" + first.path("next").asText())
                .body();

        assertThat(first.path("dashboards").findValuesAsText("id")).containsExactly(made.get(0), made.get(1));
        assertThat(second.path("dashboards").findValuesAsText("id")).containsExactly(made.get(2));
        assertThat(second.has("next")).isFalse();
    }

    @Test
    void a_deleted_one_is_gone_by_a_record_without_a_value() {
        String id = create(SHARED);
        String link = link(id);

        assertThat(http.send("DELETE", "/dashboards/" + id, null).status()).isEqualTo(204);

        assertThat(TestBroker.shared().records(Topics.DASHBOARDS).stream()
                        .filter(record -> new String(record.key(), StandardCharsets.UTF_8).endsWith(id))
                        .toList()
                        .getLast()
                        .value())
                .isNull();
        DashboardProjections.copy(owner);
        assertThat(http.get("/dashboards/" + id).status()).isEqualTo(404);
        assertThat(http.send("DELETE", "/dashboards/" + id, null).status()).isEqualTo(404);
        assertThat(nobody.get("/dashboards/shared/" + link).status()).isEqualTo(404);
    }

    @Test
    void those_of_others_are_not_there_for_anybody() {
        String id = create(BODY);
        UUID other = UUID.randomUUID();
        DashboardProjections.upToDate(other);
        Http stranger = TestIngest.shared().with(TestKeys.shared().person(other));

        assertThat(stranger.get("/dashboards/" + id).status()).isEqualTo(404);
        assertThat(stranger.send("PUT", "/dashboards/" + id, BODY.getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(404);
        assertThat(stranger.send("DELETE", "/dashboards/" + id, null).status()).isEqualTo(404);
        assertThat(stranger.get("/dashboards").body().path("dashboards")).isEmpty();
        assertThat(nobody.get("/dashboards").status()).isEqualTo(401);
        assertThat(nobody.get("/dashboards/" + id).status()).isEqualTo(401);
        assertThat(nobody.post("/dashboards", BODY).status()).isEqualTo(401);
        assertThat(TestIngest.shared()
                        .with(TestKeys.shared().operator())
                        .get("/dashboards")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void whoever_has_the_link_reads_it_for_as_long_as_it_is_shared_and_is_not_told_whose_it_is() {
        String id = create(SHARED);
        String link = link(id);

        JsonNode seen = nobody.get("/dashboards/shared/" + link).body();
        assertThat(seen.path("name").asText()).isEqualTo("House");
        assertThat(seen.at("/panels/0/resolution").asText()).isEqualTo("10s");
        assertThat(seen.toString()).doesNotContain(owner.toString(), id, link);

        // it stays while it is shared, is nothing when it is not, and is another one afterwards
        put(id, SHARED);
        DashboardProjections.copy(owner);
        assertThat(link(id)).isEqualTo(link);
        put(id, BODY);
        DashboardProjections.copy(owner);
        assertThat(nobody.get("/dashboards/shared/" + link).status()).isEqualTo(404);
        assertThat(http.get("/dashboards/" + id).body().has("link")).isFalse();
        put(id, SHARED);
        DashboardProjections.copy(owner);
        assertThat(link(id)).isNotEqualTo(link).hasSize(32);
    }

    @Test
    void a_write_that_is_sent_again_makes_one_dashboard_and_no_answer_that_is_kept_has_the_link() {
        Http keyed = http.header("Idempotency-Key", "\"" + UUID.randomUUID() + "\"");

        Http.Answer first = keyed.post("/dashboards", SHARED);
        Http.Answer second = keyed.post("/dashboards", SHARED);

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(first.body().path("shared").asBoolean()).isTrue();
        assertThat(first.body().has("link")).isFalse();
        assertThat(TestLog.events(Topics.DASHBOARDS, owner.toString())).hasSize(1);
    }

    @Test
    void nobody_has_more_than_a_bounded_number() {
        try (TestIngest server = TestIngest.start(Map.of("tailrace.dashboards.max-dashboards", 1))) {
            Http theirs = server.with(TestKeys.shared().person(owner));
            assertThat(theirs.post("/dashboards", BODY).status()).isEqualTo(201);
            DashboardProjections.copy(owner);

            Http.Answer second = theirs.post("/dashboards", BODY);

            assertThat(second.status()).isEqualTo(409);
            assertThat(second.body().path("detail").asText()).contains("1 dashboards");
        }
    }

    @Test
    void while_the_copy_is_late_nobody_is_told_that_there_is_no_such_dashboard() {
        try (TestIngest server = TestIngest.start(Map.of("tailrace.projection-wait.max-wait", "100ms"))) {
            UUID late = UUID.randomUUID();
            Http theirs = server.with(TestKeys.shared().person(late));
            String id = theirs.post("/dashboards", BODY).body().path("id").asText();
            Projections.moveTo("dashboards", Topics.DASHBOARDS, FactKeys.partition(late.toString()), 0);

            assertThat(theirs.get("/dashboards/" + id).status()).isEqualTo(503);
            assertThat(theirs.get("/dashboards").header("Tailrace-Stale")).isEqualTo("true");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | body",
                "\"x\" | body",
                "{} | name",
                "{\"name\": \"\", \"panels\": []} | name",
                "{\"name\": 7, \"panels\": []} | name",
                "{\"name\": \"x\"} | panels",
                "{\"name\": \"x\", \"panels\": {}} | panels",
                "{\"name\": \"x\", \"panels\": [7]} | panels[0]",
                "{\"name\": \"x\", \"panels\": [{}]} | panels[0].metrics",
                "{\"name\": \"x\", \"panels\": [{\"metrics\": [\"1-1-1-1-1\"]}]} | panels[0].metrics[0]",
                "{\"name\": \"x\", \"panels\": [{\"metrics\": [null]}]} | panels[0].metrics[0]",
                "{\"name\": \"x\", \"panels\": [{\"metrics\": [], \"title\": \"\"}]} | panels[0].title",
                "{\"name\": \"x\", \"panels\": [{\"metrics\": [], \"title\": 7}]} | panels[0].title",
                "{\"name\": \"x\", \"panels\": [{\"metrics\": [], \"resolution\": \"fast\"}]} | panels[0].resolution",
                "{\"name\": \"x\", \"panels\": [{\"metrics\": [], \"colour\": \"red\"}]} | panels[0].colour",
                "{\"name\": \"x\", \"panels\": [], \"range\": \"\"} | range",
                "{\"name\": \"x\", \"panels\": [], \"range\": 15} | range",
                "{\"name\": \"x\", \"panels\": [], \"range\": \"5s\"} | range",
                "{\"name\": \"x\", \"panels\": [], \"range\": \"99999d\"} | range",
                "{\"name\": \"x\", \"panels\": [], \"range\": \"now..later\"} | range",
                "{\"name\": \"x\", \"panels\": [], \"range\": \"2026-01-02T00:00:00Z..2026-01-01T00:00:00Z\"} | range",
                "{\"name\": \"x\", \"panels\": [], \"range\": \"1969-01-01T00:00:00Z..1970-01-01T00:00:00Z\"} | range",
                "{\"name\": \"x\", \"panels\": [], \"range\": \"0001-01-01T00:00:00Z..9999-01-01T00:00:00Z\"} | range",
                "{\"name\": \"x\", \"panels\": [], \"shared\": \"yes\"} | shared",
                "{\"name\": \"x\", \"panels\": [], \"owner_id\": \"me\"} | owner_id",
            })
    void what_is_wrong_is_400_and_named(String body, String field) {
        Http.Answer answer = http.post("/dashboards", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).contains(field);
        assertThat(TestLog.events(Topics.DASHBOARDS, owner.toString())).isEmpty();
    }

    @Test
    void more_panels_and_metrics_than_allowed_names_of_10_kB_or_with_NUL_and_one_metric_twice_are_400() {
        String metric = "\"0190f3c2-0000-7000-8000-000000000001\"";
        for (String body : List.of(
                "{\"name\": \"x\", \"panels\": [" + (PANEL + ",").repeat(24) + PANEL + "]}",
                "{\"name\": \"x\", \"panels\": [{\"metrics\": [" + (metric + ",").repeat(8) + metric + "]}]}",
                "{\"name\": \"x\", \"panels\": [{\"metrics\": [" + metric + "," + metric + "]}]}",
                "{\"name\": \"a\\u0000b\", \"panels\": []}",
                "{\"name\": \"" + "n".repeat(10_000) + "\", \"panels\": []}")) {
            assertThat(http.post("/dashboards", body).status()).as(body).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1-1-1-1-1", "%00"})
    void what_is_not_an_id_is_400(String id) {
        assertThat(http.get("/dashboards/" + id).status()).isEqualTo(400);
        assertThat(put(id, BODY).status()).isEqualTo(400);
        assertThat(http.send("DELETE", "/dashboards/" + id, null).status()).isEqualTo(400);
        assertThat(http.get("/dashboards?before=" + id).status()).isEqualTo(400);
        assertThat(http.get("/dashboards?limit=" + id).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "%00", "%27%20or%20true", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void what_is_no_link_is_400(String link) {
        assertThat(nobody.get("/dashboards/shared/" + link).status()).isEqualTo(400);
    }

    @Test
    void a_link_that_nobody_has_is_404() {
        assertThat(nobody.get("/dashboards/shared/" + "A".repeat(32)).status()).isEqualTo(404);
    }

    private String create(String body) {
        Http.Answer answer = http.post("/dashboards", body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        DashboardProjections.copy(owner);
        return answer.body().path("id").asText();
    }

    private Http.Answer put(String id, String body) {
        return http.send("PUT", "/dashboards/" + id, body.getBytes(StandardCharsets.UTF_8));
    }

    private String link(String id) {
        return http.get("/dashboards/" + id).body().path("link").asText();
    }
}
