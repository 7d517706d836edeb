package io.tailrace.dispatcher;

import io.tailrace.contracts.series.Resolutions;
import io.tailrace.dispatcher.testing.Harness;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.retention.ShowRetention;
import io.tailrace.kit.series.SeriesSettings;
import java.time.Duration;
import java.util.Map;

/** The configuration and settings of production, for tests in other packages. */
public final class ProductionConfig {
    /** How long shows are known by default. */
    static final ShowRetention SHOWS = new ShowRetention(Duration.ofDays(7));

    /** How jobs are decided by default. */
    static final JobDispatchSettings JOBS = new JobDispatchSettings(
            1,
            Duration.ofMillis(50),
            Duration.ofMillis(4),
            500,
            50,
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofDays(7));

    /** How schedules fire by default. */
    static final ScheduleDispatchSettings SCHEDULES =
            new ScheduleDispatchSettings(Duration.ofMillis(100), 100, Duration.ofSeconds(30), Duration.ofDays(1));

    /** Which windows there are by default. */
    static final SeriesSettings SERIES =
            new SeriesSettings(Resolutions.STANDARD, Duration.ofMinutes(10), Duration.ofHours(2), Duration.ofDays(7));

    private ProductionConfig() {}

    /** What production gives to Streams, but for the broker. */
    public static Map<String, Object> of(String applicationId) {
        return StreamsProperties.of(
                applicationId,
                Duration.ofMillis(25),
                "zstd",
                "test-instance",
                settings(".", 6_000),
                KafkaSettings.of("localhost:1"),
                Harness.FORM,
                (topic, poison) -> {});
    }

    /** The default settings, but for the directory and the session. */
    public static DispatcherSettings settings(String stateDir, long sessionTimeoutMs) {
        return new DispatcherSettings(
                "tailrace",
                "",
                stateDir,
                1,
                2,
                0,
                Duration.ofMillis(25),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(10),
                Duration.ZERO,
                Duration.ofMillis(sessionTimeoutMs),
                Duration.ofSeconds(10),
                false,
                Duration.ofSeconds(10),
                10_000,
                100,
                5_000,
                1,
                "zstd",
                Duration.ofHours(24),
                Duration.ofMillis(100),
                500,
                25,
                Duration.ofMillis(100),
                900_000,
                5,
                Duration.ofMinutes(5),
                32 << 20,
                Duration.ofMillis(500));
    }
}
