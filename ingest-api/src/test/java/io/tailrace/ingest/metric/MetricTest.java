package io.tailrace.ingest.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class MetricTest {
    private final Http http = TestIngest.shared().anonymous();

    @Test
    void a_metric_is_in_the_log_when_it_is_answered() {
        Http.Answer answer = http.post("/metrics", "{\"name\": \"cpu\"}");

        String id = answer.body().path("id").asText();
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().path("name").asText()).isEqualTo("cpu");
        assertThat(answer.body().size()).isEqualTo(2);
        assertThat(TestLog.events(Topics.METRICS, id)).singleElement().satisfies(logged -> {
            assertThat(logged.event().type()).isEqualTo("metric_created");
            assertThat(logged.data()).isEqualTo("{\"id\":\"" + id + "\",\"name\":\"cpu\",\"unit\":null}");
        });
    }

    @Test
    void a_metric_is_found_as_soon_as_it_was_answered() {
        String id = metric();

        Http.Answer answer = http.get("/metrics/" + id);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().toString()).isEqualTo("{\"id\":\"" + id + "\",\"name\":\"cpu\"}");
    }

    @Test
    void another_server_finds_it_once_the_projection_has_it() throws Exception {
        String id = metric();
        Projections.copyMetrics();

        try (TestIngest other = TestIngest.start(Map.of("tailrace.metrics.open", true))) {
            assertThat(other.anonymous().get("/metrics/" + id).status()).isEqualTo(200);
        }
    }

    @Test
    void while_the_projection_lags_nobody_is_told_that_there_is_no_such_metric() throws Exception {
        try (TestIngest other =
                TestIngest.start(Map.of("tailrace.metrics.open", true, "tailrace.projection-wait.max-wait", "100ms"))) {
            Http.Answer lagging = other.anonymous().get("/metrics/" + metric());

            assertThat(lagging.status()).isEqualTo(503);
            assertThat(lagging.header("Retry-After")).isNotEmpty();
        }
    }

    @Test
    void a_metric_that_does_not_exist_is_404() throws Exception {
        metric();
        Projections.copyMetrics();

        assertThat(http.get("/metrics/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(http.post("/metrics/readings", reading(UUID.randomUUID().toString(), "1"))
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "42", "1-1-1-1-1", "%00"})
    void what_is_not_an_id_is_400(String id) {
        assertThat(http.get("/metrics/" + id).status()).isEqualTo(400);
    }

    @Test
    void a_reading_is_in_the_log_when_it_is_answered() {
        String metric = metric();

        Http.Answer answer = http.post(
                "/metrics/readings",
                """
                {"metric_id": "%s", "value": 21.5, "timestamp": "2024-02-29T12:00:00.5+01:00"}"""
                        .formatted(metric));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().path("metric_id").asText()).isEqualTo(metric);
        assertThat(answer.body().path("value").asDouble()).isEqualTo(21.5);
        assertThat(answer.body().path("timestamp").asText()).isEqualTo("2024-02-29T11:00:00.500Z");
        assertThat(answer.body().size()).isEqualTo(4);
        assertThat(TestLog.events(Topics.READINGS, metric)).singleElement().satisfies(logged -> {
            assertThat(logged.event().type()).isEqualTo("metric_reading_created");
            assertThat(logged.event().id()).isEqualTo(answer.body().path("id").asText());
            assertThat(logged.data()).isEqualTo(answer.body().toString());
        });
    }

    @Test
    void a_reading_without_a_time_is_of_now() {
        Http.Answer answer = http.post("/metrics/readings", reading(metric(), "1"));

        assertThat(answer.body().path("timestamp").asText()).matches("20\\d\\d-.*Z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"metric_id\": \"ID\" | value",
                "\"value\": 1 | metric_id",
                "\"metric_id\": \"ID\", \"value\": 0 | value",
                "\"metric_id\": \"ID\", \"value\": -1 | value",
                "\"metric_id\": \"ID\", \"value\": 1e400 | value",
                "\"metric_id\": \"ID\", \"value\": \"1\" | value",
                "\"metric_id\": \"ID\", \"value\": true | value",
                "\"metric_id\": \"nope\", \"value\": 1 | metric_id",
                "\"metric_id\": 5, \"value\": 1 | metric_id",
                "\"metric_id\": \"ID\", \"value\": 1, \"timestamp\": \"yesterday\" | timestamp",
                "\"metric_id\": \"ID\", \"value\": 1, \"timestamp\": 1700000000 | timestamp",
                "\"metric_id\": \"ID\", \"value\": 1, \"timestamp\": \"2999-01-01T00:00:00Z\" | timestamp",
                "\"metric_id\": \"ID\", \"value\": 1, \"unit\": \"%\" | unit",
            })
    void what_is_not_a_reading_is_400_and_says_where(String fields, String field) {
        String body = "{" + fields.replace("ID", UUID.randomUUID().toString()) + "}";

        Http.Answer answer = http.post("/metrics/readings", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field")).containsExactly(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"name\": \"\"}", "{\"name\": 5}", "{\"name\": \"a\\r\\nb\"}", "{\"label\": \"a\"}"})
    void what_is_not_a_metric_is_400(String body) {
        assertThat(http.post("/metrics", body).status()).isEqualTo(400);
    }

    @Test
    void where_they_are_not_open_they_need_a_token() {
        try (TestIngest closed = TestIngest.start(Map.of())) {
            Http somebody = closed.with(TestKeys.shared().person(UUID.randomUUID()));

            assertThat(closed.anonymous()
                            .post("/metrics", "{\"name\": \"cpu\"}")
                            .status())
                    .isEqualTo(401);
            assertThat(closed.anonymous().get("/metrics/" + UUID.randomUUID()).status())
                    .isEqualTo(401);
            assertThat(somebody.post("/metrics", "{\"name\": \"cpu\"}").status())
                    .isEqualTo(201);
        }
    }

    private String metric() {
        return http.post("/metrics", "{\"name\": \"cpu\"}").body().path("id").asText();
    }

    private static String reading(String metric, String value) {
        return "{\"metric_id\": \"" + metric + "\", \"value\": " + value + "}";
    }
}
