package io.tailrace.contracts.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobSpecTest {
    private static final long NOW_MS = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

    @Test
    void aTimeThatHasPassedIsNow() {
        assertThat(at(Instant.parse("2020-01-01T00:00:00Z")).dueMs(NOW_MS)).isEqualTo(NOW_MS);
        assertThat(at(Instant.MIN).dueMs(NOW_MS)).isEqualTo(NOW_MS);
        assertThat(at(null).dueMs(NOW_MS)).isEqualTo(NOW_MS);
    }

    @Test
    void aJobMayWaitUntilTheEndOfTheYear9999AndNotLonger() {
        Instant last = Instant.parse("9999-12-31T23:59:59.999Z");

        assertThat(at(last).dueMs(NOW_MS)).isEqualTo(last.toEpochMilli());
        refuses(() -> at(Instant.MAX), "run_at: +1000000000-12-31T23:59:59.999999999Z, expected at most");
    }

    @Test
    void aDelayCountsFromWhenTheJobWasEnqueued() {
        assertThat(spec("t", 5, null, 90, null, 0, 1, 1, null).dueMs(NOW_MS)).isEqualTo(NOW_MS + 90_000);
        refuses(() -> spec("t", 5, Instant.EPOCH, 1, null, 0, 1, 1, null), "run_at and delay_seconds");
    }

    @Test
    void whatIsOutOfRangeIsNamedWithWhatWasExpected() {
        refuses(() -> spec("T", 5, null, 0, null, 0, 1, 1, null), "type: expected [a-z]");
        refuses(() -> spec("t", 10, null, 0, null, 0, 1, 1, null), "priority: 10, expected 0 to 9");
        refuses(() -> spec("t", 5, null, -1, null, 0, 1, 1, null), "delay_seconds: -1, expected 0 to");
        refuses(() -> spec("t", 5, null, 0, "u", 2_592_001, 1, 1, null), "unique_seconds: 2592001");
        refuses(() -> spec("t", 5, null, 0, null, 1, 1, 1, null), "unique_seconds: 1, expected 0 to 0");
        refuses(() -> spec("t", 5, null, 0, null, 0, 0, 1, null), "max_attempts: 0, expected 1 to 100");
        refuses(() -> spec("t", 5, null, 0, null, 0, 1, 86_401, null), "timeout_seconds: 86401");
        refuses(() -> spec("t", 5, null, 0, null, 0, 1, 1, "k".repeat(129)), "key: 129 bytes of UTF-8");
        refuses(() -> spec("t", 5, null, 0, null, 0, 1, 1, ""), "key: 0 bytes of UTF-8");
    }

    @Test
    void aUniqueKeyOfTenKilobytesIsRefused() {
        refuses(() -> unique("k".repeat(10_240)), "unique_key: 10240 bytes of UTF-8, expected 1 to 512");
        refuses(() -> unique("\ud83d"), "unique_key: expected text without lone surrogates");
        assertThat(unique("é".repeat(256)).uniqueKey()).hasSize(256);
    }

    @Test
    void twoRequestsHaveOneFingerprintIfTheyAskForTheSame() {
        JobSpec spec = unique("a");
        JobCommand.Enqueue command = new JobCommand.Enqueue(new UUID(1, 1), "default", spec, "{}");

        assertThat(JobFingerprint.of(new JobCommand.Enqueue(new UUID(1, 2), "default", unique("a"), "{}")))
                .isEqualTo(JobFingerprint.of(command));
        assertThat(List.of(
                        new JobCommand.Enqueue(new UUID(1, 1), "defaul", spec, "{}"),
                        new JobCommand.Enqueue(new UUID(1, 1), "default", unique("b"), "{}"),
                        new JobCommand.Enqueue(new UUID(1, 1), "default", spec, "[]")))
                .allSatisfy(other -> assertThat(JobFingerprint.of(other)).isNotEqualTo(JobFingerprint.of(command)));
    }

    private static void refuses(Supplier<JobSpec> spec, String message) {
        assertThatIllegalArgumentException().isThrownBy(spec::get).withMessageContaining(message);
    }

    private static JobSpec at(@Nullable Instant runAt) {
        return spec("t", 5, runAt, 0, null, 0, 1, 1, null);
    }

    private static JobSpec unique(String key) {
        return spec("t", 5, null, 0, key, 0, 1, 1, null);
    }

    private static JobSpec spec(
            String type,
            int priority,
            @Nullable Instant runAt,
            int delaySeconds,
            @Nullable String uniqueKey,
            int uniqueSeconds,
            int maxAttempts,
            int timeoutSeconds,
            @Nullable String key) {
        return new JobSpec(
                type,
                priority,
                runAt,
                delaySeconds,
                uniqueKey,
                uniqueSeconds,
                maxAttempts,
                timeoutSeconds,
                key,
                RetryPolicy.DEFAULT);
    }
}
