package io.tailrace.ingest.series;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.SeriesProjections;
import io.tailrace.ingest.testing.TestIngest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class SeriesTest {
    private static final Instant HOUR =
            Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);

    private final Http http = TestIngest.shared().anonymous();

    @Test
    void windows_are_rows_with_axes_and_the_position_at_which_they_are_true() {
        UUID metric = metric("\"unit\": \"%\"");
        SeriesProjections.point(metric, 1_000, HOUR, 5, 7);
        SeriesProjections.point(metric, 1_000, HOUR.plusSeconds(1), 3, 9);
        SeriesProjections.point(metric, 1_000, HOUR.plusSeconds(60), 100, 10);
        SeriesProjections.point(metric, 60_000, HOUR, 42, 8);
        SeriesProjections.moveTo(metric, "1s", 12);

        Http.Answer answer = http.get(path(metric) + "&to=" + HOUR.plusSeconds(60) + "&resolution=1s");

        assertThat(answer.status()).isEqualTo(200);
        JsonNode body = answer.body();
        assertThat(body.path("metric").toString())
                .isEqualTo("{\"id\":\"" + metric + "\",\"name\":\"cpu\",\"unit\":\"%\"}");
        assertThat(body.path("resolution").asText()).isEqualTo("1s");
        assertThat(body.path("axes").toString())
                .isEqualTo("{\"x\":{\"type\":\"time\",\"domain\":[\"" + HOUR + "\",\"" + HOUR.plusSeconds(60)
                        + "\"]},\"y\":{\"type\":\"linear\",\"domain\":[3.0,5.0],\"unit\":\"%\"}}");
        assertThat(body.path("columns").toString())
                .isEqualTo("[\"t\",\"count\",\"min\",\"max\",\"mean\",\"p50\",\"p95\",\"p99\"]");
        assertThat(body.path("rows").toString())
                .isEqualTo("[[\"" + HOUR + "\",1,5.0,5.0,5.0,5.0,5.0,5.0],[\"" + HOUR.plusSeconds(1)
                        + "\",1,3.0,3.0,3.0,3.0,3.0,3.0]]");
        assertThat(body.path("channel").asText()).isEqualTo("series:" + metric + ":1s");
        assertThat(body.path("next").asText()).isEqualTo(HOUR.plusSeconds(1).toString());
        assertThat(nextOffset(body.path("position").asText())).isEqualTo(12);
        assertThat(answer.header("Tailrace-Position"))
                .isEqualTo(body.path("position").asText());
    }

    @Test
    void a_chart_gets_as_many_points_as_it_has_room_for_and_gaps_stay_gaps() {
        UUID metric = metric("");
        for (int second = 0; second < 200; second++) {
            if (second < 90 || second > 150) {
                SeriesProjections.point(metric, 1_000, HOUR.plusSeconds(second), 1 + second % 7, second);
            }
        }
        SeriesProjections.moveTo(metric, "1s", 500);

        JsonNode body = http.get(path(metric) + "&to=" + HOUR.plusSeconds(300)
                        + "&max_points=20&resolution=1s&columns=t,mean,count")
                .body();

        List<JsonNode> rows =
                StreamSupport.stream(body.path("rows").spliterator(), false).toList();
        assertThat(rows.stream().filter(row -> row.get(2).asInt() > 0)).hasSizeLessThanOrEqualTo(20);
        assertThat(rows.stream().filter(row -> row.get(2).asInt() == 0))
                .singleElement()
                .satisfies(gap -> {
                    assertThat(gap.get(0).asText())
                            .isEqualTo(HOUR.plusSeconds(90).toString());
                    assertThat(gap.get(1).isNull()).isTrue();
                });
        assertThat(body.at("/axes/y/domain").toString()).isEqualTo("[1.0,7.0]");
    }

    @Test
    void csv_has_a_header_line_and_the_position_is_in_a_field_of_the_answer() {
        UUID metric = metric("");
        SeriesProjections.point(metric, 10_000, HOUR, 5, 7);
        SeriesProjections.moveTo(metric, "10s", 8);
        String path = path(metric) + "&to=" + HOUR.plusSeconds(60) + "&resolution=10s&format=csv&columns=t,sum,last_at";

        assertThat(http.text(path)).isEqualTo("t,sum,last_at\r\n" + HOUR + ",5.0," + HOUR.plusMillis(5) + "\r\n");
        Http.Answer answer = http.get(path);
        assertThat(answer.header("Content-Type")).startsWith("text/csv");
        assertThat(nextOffset(answer.header("Tailrace-Position"))).isEqualTo(8);
    }

    @Test
    void what_has_not_changed_is_304_until_a_late_reading_changes_it() {
        UUID metric = metric("");
        SeriesProjections.point(metric, 60_000, HOUR, 5, 7);
        SeriesProjections.moveTo(metric, "1m", 8);
        String path = path(metric) + "&to=" + HOUR.plusSeconds(600) + "&resolution=1m";
        String tag = http.get(path).header("ETag");

        assertThat(http.header("If-None-Match", tag).get(path).status()).isEqualTo(304);
        SeriesProjections.moveTo(metric, "1m", 20);
        assertThat(http.header("If-None-Match", tag).get(path).status()).isEqualTo(304);
        SeriesProjections.point(metric, 60_000, HOUR.plusSeconds(60), 5, 21);
        assertThat(http.header("If-None-Match", tag).get(path).status()).isEqualTo(200);
    }

    @Test
    void a_metric_without_readings_has_no_rows() {
        UUID metric = metric("");
        SeriesProjections.moveTo(metric, "10s", 8);

        JsonNode body = http.get("/metrics/" + metric + "/series").body();

        assertThat(body.path("rows").isArray()).isTrue();
        assertThat(body.path("rows").isEmpty()).isTrue();
        assertThat(body.at("/axes/y/domain").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
                "max_points=0",
                "max_points=1000000000",
                "from=2016-01-01T00:00:00Z&resolution=1s",
                "resolution=2s",
                "columns=median",
                "format=xml",
                "from=now",
            })
    void what_makes_no_sense_is_400(String parameters) {
        Http.Answer answer = http.get("/metrics/" + metric("") + "/series?" + parameters);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field"))
                .containsExactly(parameters.replaceAll(".*&", "").replaceAll("=.*", ""));
    }

    @Test
    void readings_are_pages_in_the_order_of_their_times() {
        UUID metric = metric("");
        UUID second = SeriesProjections.reading(metric, HOUR.plusSeconds(2), 2);
        UUID first = SeriesProjections.reading(metric, HOUR.plusSeconds(1), 1);
        UUID third = SeriesProjections.reading(metric, HOUR.plusSeconds(3).plusNanos(4_000), 3);
        SeriesProjections.reading(metric, HOUR.plusSeconds(4), 4);
        SeriesProjections.readingsCatchUp(metric);
        String path = "/metrics/" + metric + "/readings?from=" + HOUR + "&to=" + HOUR.plusSeconds(4) + "&limit=2";

        Http.Answer page = http.get(path);
        Http.Answer rest = http.get(path + "&after=" + page.body().path("next").asText());

        assertThat(page.body().path("readings").findValuesAsText("id"))
                .containsExactly(first.toString(), second.toString());
        assertThat(page.body().path("readings").get(0).path("timestamp").asText())
                .isEqualTo(HOUR.plusSeconds(1).toString());
        assertThat(rest.body().path("readings").findValuesAsText("id")).containsExactly(third.toString());
        assertThat(rest.body().path("next").isMissingNode()
                        || rest.body().path("next").isNull())
                .isTrue();
        for (String wrong : List.of("after=x", "limit=0", "limit=1001", "to=x", "from=" + HOUR + "&to=" + HOUR)) {
            assertThat(http.get("/metrics/" + metric + "/readings?" + wrong).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    @Test
    void where_metrics_are_not_open_series_need_a_token() {
        try (TestIngest closed = TestIngest.start(Map.of())) {
            for (String path :
                    List.of("/metrics", "/metrics/" + UUID.randomUUID() + "/series", "/metrics/x/readings")) {
                assertThat(closed.anonymous().get(path).status()).isEqualTo(401);
            }
        }
    }

    private static long nextOffset(String position) {
        if (CursorCodec.decode(position) instanceof CursorDecoding.Decoded decoded) {
            return decoded.cursor().topics().getFirst().partitions().stream()
                    .mapToLong(PartitionPosition::nextOffset)
                    .findFirst()
                    .orElseThrow();
        }
        throw new AssertionError(position);
    }

    private static String path(UUID metric) {
        return "/metrics/" + metric + "/series?from=" + HOUR;
    }

    private UUID metric(String field) {
        String body = "{\"name\": \"cpu\"" + (field.isEmpty() ? "" : ", " + field) + "}";
        return UUID.fromString(http.post("/metrics", body).body().path("id").asText());
    }
}
