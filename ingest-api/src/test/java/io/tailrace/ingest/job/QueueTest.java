package io.tailrace.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestJobDecider;
import io.tailrace.ingest.testing.TestKeys;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class QueueTest {
    private final TestJobDecider decider = TestJobDecider.shared();
    private final Http http = TestIngest.shared().with(TestKeys.shared().operator());

    @AfterEach
    void goOn() {
        decider.goOn();
    }

    @Test
    void a_queue_is_paused_and_resumed() {
        Http.Answer paused = http.send("POST", "/queues/maintenance/pause", null);
        Http.Answer again = http.send("POST", "/queues/maintenance/pause", null);
        Http.Answer resumed = http.send("POST", "/queues/maintenance/resume", null);

        assertThat(paused.status()).as(paused.body().toString()).isEqualTo(200);
        assertThat(paused.body().path("name").asText()).isEqualTo("maintenance");
        assertThat(paused.body().path("state").asText()).isEqualTo("paused");
        assertThat(again.body()).isEqualTo(paused.body());
        assertThat(resumed.body().path("state").asText()).isEqualTo("running");
    }

    @Test
    void a_queue_gets_limits_and_an_empty_object_takes_them_back() {
        Http.Answer limited = put("/queues/maintenance", "{\"concurrency\": 2, \"rate_per_second\": 0.5}");
        Http.Answer declared = put("/queues/maintenance", "{}");

        assertThat(limited.status()).as(limited.body().toString()).isEqualTo(200);
        assertThat(limited.body().path("limits").toString())
                .isEqualTo(
                        "{\"concurrency\":2,\"rate_per_second\":0.5,\"key_concurrency\":0,\"key_rate_per_second\":0.0}");
        assertThat(declared.body().path("limits").path("concurrency").asInt()).isZero();
    }

    @Test
    void limits_out_of_range_are_400_with_every_fault_and_an_unknown_queue_is_404() {
        Http.Answer answer = put("/queues/maintenance", "{\"concurrency\": -1, \"rate_per_second\": 1e9}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("errors").findValuesAsText("field"))
                .containsExactly("concurrency", "rate_per_second");
        assertThat(put("/queues/maintenance", "{\"colour\": 1}").status()).isEqualTo(400);
        assertThat(put("/queues/none", "{}").status()).isEqualTo(404);
        assertThat(http.send("POST", "/queues/none/pause", null).status()).isEqualTo(404);
    }

    @Test
    void what_is_not_decided_in_time_is_202() {
        decider.holdBack();

        Http.Answer answer = http.header("Prefer", "respond-async").send("POST", "/queues/maintenance/resume", null);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().path("state").asText()).isEqualTo("pending");
        assertThat(answer.header("Location")).isEqualTo("/queues");
        // Nothing of it is decided while another test looks at the log's end.
        decider.goOn();
        assertThat(http.send("POST", "/queues/maintenance/resume", null).status())
                .isEqualTo(200);
    }

    private Http.Answer put(String path, String json) {
        return http.send("PUT", path, json.getBytes(StandardCharsets.UTF_8));
    }
}
