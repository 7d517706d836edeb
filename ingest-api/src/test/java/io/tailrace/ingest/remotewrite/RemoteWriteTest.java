package io.tailrace.ingest.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.ingest.testing.TestLog.Logged;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xerial.snappy.Snappy;

@Tag("server")
class RemoteWriteTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/api/v1/write";

    private final Http http = prometheus(TestIngest.shared().anonymous());
    private final long nowMs = System.currentTimeMillis();

    /** Nothing else in the log has it. */
    private final String job = UUID.randomUUID().toString();

    @Test
    void samples_are_readings_of_a_metric_that_has_the_labels_as_its_name() throws Exception {
        SentWrite sent = new SentWrite()
                .series(1.5, nowMs - 1_000, "__name__", "load", "job", job, "host", "a\"b")
                .series(2.5, nowMs, "host", "a\"b", "job", job, "__name__", "load");

        Http.Answer answer = http.send("POST", PATH, sent.body());

        assertThat(answer.status()).isEqualTo(204);
        Logged metric = metrics().getFirst();
        assertThat(metrics()).hasSize(1);
        assertThat(JSON.readTree(metric.data()).path("name").asText())
                .isEqualTo("load{host=\"a\\\"b\",job=\"" + job + "\"}");
        List<Logged> readings = TestLog.events(Topics.READINGS, metric.key());
        assertThat(readings).hasSize(2);
        JsonNode first = JSON.readTree(readings.getFirst().data());
        assertThat(first.path("metric_id").asText()).isEqualTo(metric.key());
        assertThat(first.path("value").asDouble()).isEqualTo(1.5);
        Http.Answer read = TestIngest.shared().anonymous().get("/metrics/" + metric.key());
        assertThat(read.body().path("name").asText()).startsWith("load{");
    }

    @Test
    void a_request_that_is_sent_again_makes_the_same_readings_of_the_same_metric() {
        byte[] body =
                new SentWrite().series(1, nowMs, "__name__", "load", "job", job).body();

        assertThat(http.send("POST", PATH, body).status()).isEqualTo(204);
        assertThat(http.send("POST", PATH, body).status()).isEqualTo(204);

        assertThat(metrics()).hasSize(1);
        assertThat(TestLog.events(Topics.READINGS, metrics().getFirst().key()))
                .extracting(logged -> logged.event().id())
                .hasSize(2)
                .containsOnly(
                        TestLog.events(Topics.READINGS, metrics().getFirst().key())
                                .getFirst()
                                .event()
                                .id());
    }

    @Test
    void samples_that_are_no_readings_are_named_and_the_others_are_added() {
        SentWrite sent = new SentWrite();
        double[] wrong = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (int i = 0; i < wrong.length; i++) {
            sent.series(wrong[i], nowMs + i, "__name__", "load", "job", job);
        }
        sent.series(1, -1, "__name__", "load", "job", job);
        sent.series(1, 16_725_225_600_000L, "__name__", "load", "job", job);
        sent.series(1, Long.MAX_VALUE, "__name__", "load", "job", job);
        sent.series(1, nowMs, "__name__", "load", "__name__", "disk");
        sent.series(1, nowMs);
        sent.series(1, nowMs, "__name__", "x".repeat(10_240));
        sent.series(7, nowMs, "__name__", "load", "job", job);
        sent.series(Double.longBitsToDouble(0x7ff0_0000_0000_0002L), nowMs, "__name__", "ended", "job", job);

        Http.Answer answer = http.send("POST", PATH, sent.body());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Tailrace-Samples-Added")).isEqualTo("1");
        assertThat(answer.header("Tailrace-Samples-Refused")).isEqualTo("11");
        assertThat(answer.body().path("errors").findValuesAsText("field"))
                .containsExactly(
                        "timeseries[0].samples[0]",
                        "timeseries[1].samples[0]",
                        "timeseries[2].samples[0]",
                        "timeseries[3].samples[0]",
                        "timeseries[4].samples[0]",
                        "timeseries[5].samples[0]",
                        "timeseries[6].samples[0]",
                        "timeseries[7].samples[0]",
                        "timeseries[8]",
                        "timeseries[9]",
                        "timeseries[10]");
        assertThat(metrics()).hasSize(1);
        assertThat(TestLog.events(Topics.READINGS, metrics().getFirst().key())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Encoding, identity",
        "Content-Type, application/json",
        "Content-Type, application/x-protobuf;proto=io.prometheus.write.v2.Request",
        "Tailrace-Content-Encoding, snappy",
    })
    void another_form_is_415(String header, String value) {
        Map<String, String> headers =
                header.startsWith("Tailrace") ? Map.of("Content-Type", "application/x-protobuf") : form(header, value);
        Http caller = TestIngest.shared().anonymous();
        for (Map.Entry<String, String> each : headers.entrySet()) {
            caller = caller.header(each.getKey(), each.getValue());
        }
        if (header.startsWith("Tailrace")) {
            caller = caller.header(header, value);
        }
        byte[] body = new SentWrite().series(1, nowMs, "__name__", "load").body();

        assertThat(caller.send("POST", PATH, body).status()).isEqualTo(415);
    }

    @Test
    void what_is_no_request_is_400_and_too_many_samples_too() throws Exception {
        SentWrite many = new SentWrite();
        for (int i = 0; i <= WriteRequest.MOST; i++) {
            many.series(1, nowMs + i, "__name__", "load", "job", job);
        }
        byte[] large = Snappy.compress(new byte[40 << 20]);

        assertThat(http.send("POST", PATH, "hello".getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(400);
        assertThat(http.send("POST", PATH, Snappy.compress("hello")).status()).isEqualTo(400);
        assertThat(http.send("POST", PATH, many.body()).status()).isEqualTo(400);
        assertThat(http.send("POST", PATH, large).status()).isEqualTo(413);
        // Series without samples, and labels without names, cost memory as well: two bytes each here.
        byte[] emptySeries = repeated(new byte[] {0x0a, 0}, WriteRequest.MOST + 1);
        byte[] emptyLabels = repeated(new byte[] {0x0a, 0}, WriteRequest.MOST_LABELS + 1);
        assertThat(http.send("POST", PATH, Snappy.compress(emptySeries)).status())
                .isEqualTo(400);
        ByteBuffer series = ByteBuffer.allocate(3 + emptyLabels.length)
                .put((byte) 0x0a)
                .put((byte) (emptyLabels.length & 0x7f | 0x80))
                .put((byte) (emptyLabels.length >> 7))
                .put(emptyLabels);
        Http.Answer labels = http.send("POST", PATH, Snappy.compress(series.array()));
        assertThat(labels.status()).isEqualTo(400);
        assertThat(labels.body().path("errors").findValuesAsText("message"))
                .containsExactly("more than " + WriteRequest.MOST_LABELS + " labels in a series");
        assertThat(http.send("POST", PATH, Snappy.compress(new byte[0])).status())
                .isEqualTo(204);
        assertThat(metrics()).isEmpty();
    }

    @Test
    void where_metrics_are_not_open_a_token_is_needed() {
        byte[] body = new SentWrite().series(1, nowMs, "__name__", "load").body();
        try (TestIngest closed = TestIngest.start(Map.of())) {
            assertThat(prometheus(closed.anonymous()).send("POST", PATH, body).status())
                    .isEqualTo(401);
        }
    }

    private static byte[] repeated(byte[] bytes, int times) {
        ByteBuffer all = ByteBuffer.allocate(bytes.length * times);
        for (int i = 0; i < times; i++) {
            all.put(bytes);
        }
        return all.array();
    }

    private List<Logged> metrics() {
        return TestLog.events(Topics.METRICS, "").stream()
                .filter(logged -> logged.data().contains(job))
                .toList();
    }

    private static Map<String, String> form(String header, String value) {
        return header.equals("Content-Type")
                ? Map.of("Content-Encoding", "snappy", "Content-Type", value)
                : Map.of("Content-Encoding", value, "Content-Type", "application/x-protobuf");
    }

    private static Http prometheus(Http http) {
        return http.header("Content-Encoding", "snappy")
                .header("Content-Type", "application/x-protobuf")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0");
    }
}
