package io.tailrace.ingest.metric;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.SeriesProjections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestLog;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class ReadingBatchTest {
    private final Http http = TestIngest.shared().anonymous();

    @Test
    void each_reading_of_an_array_has_an_outcome_of_its_own_and_the_good_ones_are_in_the_log() throws Exception {
        String cpu = metric("cpu");
        String disk = metric("disk");
        UUID unknown = UUID.randomUUID();
        Projections.copyMetrics();

        Http.Answer answer = http.post(
                "/metrics/readings",
                """
                [{"metric_id": "%s", "value": 1, "timestamp": "1970-01-01T00:00:00Z"},
                 {"metric_id": "%s", "value": 2},
                 {"metric_id": "%s", "value": 3},
                 {"metric_id": "%s", "value": 0},
                 {"metric_id": "%s", "value": -4},
                 {"metric_id": "%s", "value": 1e999},
                 {"metric_id": "%s", "value": "NaN"},
                 {"metric_id": "%s", "value": 5, "timestamp": "2500-01-01T00:00:00Z"},
                 {"value": 6, "colour": "red"},
                 7,
                 {"metric_id": "%s", "value": 8}]"""
                        .formatted(cpu, unknown, disk, cpu, cpu, cpu, cpu, cpu, cpu));

        assertThat(answer.status()).isEqualTo(200);
        JsonNode outcomes = answer.body().path("readings");
        assertThat(outcomes.findValuesAsText("status"))
                .containsExactly("201", "404", "201", "400", "400", "400", "400", "400", "400", "400", "201");
        assertThat(answer.body().path("accepted").asInt()).isEqualTo(3);
        assertThat(answer.body().path("refused").asInt()).isEqualTo(8);
        assertThat(outcomes.get(1).at("/errors/0/message").asText())
                .isEqualTo("There is no metric with the id " + unknown);
        assertThat(outcomes.get(7).at("/errors/0/field").asText()).isEqualTo("timestamp");
        assertThat(outcomes.get(8).path("errors").findValuesAsText("field")).contains("colour");
        assertThat(TestLog.events(Topics.READINGS, cpu))
                .extracting(logged -> logged.event().id())
                .containsExactly(
                        outcomes.get(0).path("id").asText(),
                        outcomes.get(10).path("id").asText());
        assertThat(TestLog.events(Topics.READINGS, disk)).hasSize(1);
    }

    @Test
    void an_array_that_is_sent_again_with_its_key_is_added_once() {
        String cpu = metric("cpu");
        String body = IntStream.rangeClosed(1, 500)
                .mapToObj(i -> "{\"metric_id\": \"" + cpu + "\", \"value\": " + i + "}")
                .collect(Collectors.joining(",", "[", "]"));
        Http keyed = http.header("Idempotency-Key", UUID.randomUUID().toString());

        Http.Answer first = keyed.post("/metrics/readings", body);
        Http.Answer again = keyed.post("/metrics/readings", body);

        assertThat(first.body().path("accepted").asInt()).isEqualTo(500);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(TestLog.events(Topics.READINGS, cpu)).hasSize(500);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 501})
    void an_array_of_none_or_too_many_is_400(int size) {
        String body = IntStream.range(0, size).mapToObj(i -> "{}").collect(Collectors.joining(",", "[", "]"));

        Http.Answer answer = http.post("/metrics/readings", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().at("/errors/0/message").asText())
                .isEqualTo(size + " readings in the array, expected 1 to 500");
    }

    @Test
    void a_metric_may_have_a_unit_and_a_name_of_ten_kilobytes_is_refused() {
        Http.Answer answer = http.post("/metrics", "{\"name\": \"heap\", \"unit\": \"MiB\"}");
        Http.Answer found = http.get("/metrics/" + answer.body().path("id").asText());

        assertThat(answer.status()).isEqualTo(201);
        assertThat(found.body().path("unit").asText()).isEqualTo("MiB");
        assertThat(http.post("/metrics", "{\"name\": \"" + "x".repeat(10_240) + "\"}")
                        .status())
                .isEqualTo(400);
        assertThat(http.post("/metrics", "{\"name\": \"heap\", \"unit\": \"" + "x".repeat(21) + "\"}")
                        .body()
                        .path("errors")
                        .findValuesAsText("field"))
                .containsExactly("unit");
    }

    @Test
    void metrics_are_listed_with_their_last_value_and_found_by_a_part_of_their_name() throws Exception {
        String word = "w" + UUID.randomUUID().toString().substring(0, 8);
        String first = metric("CPU " + word.toUpperCase(Locale.ROOT));
        String second = metric("disk " + word + " 100%_");
        metric("net");
        Projections.copyMetrics();
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS);
        SeriesProjections.point(UUID.fromString(first), 3_600_000, hour, 4, 1);
        SeriesProjections.point(UUID.fromString(first), 1_000, hour.plusSeconds(9), 5, 2);

        Http.Answer page = http.get("/metrics?limit=1&q=" + word);
        Http.Answer rest = http.get("/metrics?limit=1&q=" + word + "&after="
                + page.body().path("next").asText());

        JsonNode listed = page.body().path("metrics");
        assertThat(listed.findValuesAsText("id")).containsExactly(first);
        assertThat(listed.get(0).at("/last/value").asDouble()).isEqualTo(5);
        assertThat(listed.get(0).at("/last/timestamp").asText())
                .isEqualTo(hour.plusSeconds(9).plusMillis(5).toString());
        assertThat(listed.get(0).at("/range/from").asText()).isEqualTo(hour.toString());
        assertThat(rest.body().path("metrics").findValuesAsText("id")).containsExactly(second);
        assertThat(rest.body().path("metrics").get(0).path("last").isObject()).isFalse();
        assertThat(http.get("/metrics?q=100%25_").body().path("metrics").findValuesAsText("id"))
                .contains(second);
        assertThat(http.get("/metrics?limit=0").status()).isEqualTo(400);
        assertThat(http.get("/metrics?after=x").status()).isEqualTo(400);
    }

    private String metric(String name) {
        return http.post("/metrics", "{\"name\": \"" + name + "\"}")
                .body()
                .path("id")
                .asText();
    }
}
