package io.tailrace.ingest.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgeTls;
import io.tailrace.contracts.bridge.BridgedMetric;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.kit.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BridgesSettingsTest {
    private static final int MOST = 150;

    /** Of four bytes in UTF-8. */
    private static final String LARGE = "\uD83D\uDE00";

    private static BridgesSettings settings(int maxMetrics) {
        return new BridgesSettings(1, maxMetrics, Duration.ofSeconds(1));
    }

    @Test
    void the_largest_bridge_that_settings_may_allow_is_a_payload_that_a_job_may_have() {
        assertThat(settings(MOST).maxMetrics()).isEqualTo(MOST);
        assertThatThrownBy(() -> settings(MOST + 1)).isInstanceOf(IllegalArgumentException.class);
        List<BridgedMetric> metrics = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            String number = String.valueOf(100 + i);
            metrics.add(new BridgedMetric(
                    LARGE.repeat(BridgedMetric.MAX_REMOTE - 3) + number,
                    LARGE.repeat(BridgedMetric.MAX_NAME - 3) + number));
        }
        // A line of PEM has 64 characters and an end, which JSON writes as two.
        String certificates = ("x".repeat(64) + "\n").repeat(BridgeTls.MAX_CERTIFICATES / 65);
        String name = "a".repeat(48);
        String host = "a".repeat(253);
        Bridge largest = new Bridge(
                name,
                host + ":65535",
                new BridgeTls(host, certificates),
                metrics,
                Bridge.RAW,
                Bridge.MAX_INTERVAL.toMillis(),
                Instant.MAX.minusSeconds(1),
                Instant.MAX.minusSeconds(1));

        assertThat(Json.write(largest)).hasSizeLessThan(JobSpec.MAX_PAYLOAD_BYTES);
    }
}
