package io.tailrace.kit.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.JobType;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.contracts.job.MissedPolicy;
import io.tailrace.contracts.job.OverlapPolicy;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSet;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.job.SystemSchedule;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class SystemSchedulesTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final SystemSchedule FORGET =
            new SystemSchedule("forget-sessions", "23 3 * * *", "forget", "{\"what\":\"sessions\"}");

    private final JobTypes types = JobTypes.builtIn();

    private SystemSchedules of(String... groups) {
        return new SystemSchedules(List.of(FORGET), types, Set.of(groups));
    }

    private static MockProducer<byte[], byte[]> producer(boolean acknowledges) {
        return new MockProducer<>(acknowledges, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Test
    void aScheduleIsOneOfTailracesOwnAndItsJobsAreWhatTheirTypeWants() {
        JobType type = types.of("forget").orElseThrow();

        JobSchedule schedule = of("exporter", JobType.PLATFORM).mine().getFirst();

        assertThat(schedule.name()).isEqualTo("system/forget-sessions");
        assertThat(JobSchedule.isSystem(schedule.name())).isTrue();
        assertThat(schedule.queue()).isEqualTo(type.queue());
        assertThat(schedule.job()).isEqualTo(type.job());
        assertThat(schedule.payload()).isEqualTo(FORGET.payload());
    }

    @Test
    void itFiresInUtcOnceAfterADowntimeAndNotBesideItself() {
        JobSchedule schedule = of(JobType.PLATFORM).mine().getFirst();

        assertThat(schedule.cron()).isEqualTo("23 3 * * *");
        assertThat(schedule.timeZone()).isEqualTo("UTC");
        assertThat(schedule.missed()).isEqualTo(MissedPolicy.LAST);
        assertThat(schedule.overlap()).isEqualTo(OverlapPolicy.SKIP);
    }

    @Test
    void whoDoesNotRunItsJobsDoesNotSetIt() {
        MockProducer<byte[], byte[]> producer = producer(true);

        of("exporter", "search").set(producer, CLOCK, Duration.ofSeconds(1));

        assertThat(producer.history()).isEmpty();
        assertThat(new SystemSchedules(
                                List.of(new SystemSchedule("x", "@daily", "undeclared", "{}")),
                                types,
                                Set.of(JobType.PLATFORM))
                        .mine())
                .isEmpty();
    }

    @Test
    void itIsAppendedAsSomebodysWouldBe() throws Exception {
        MockProducer<byte[], byte[]> producer = producer(true);
        SystemSchedules schedules = of(JobType.PLATFORM);

        schedules.set(producer, CLOCK, Duration.ofSeconds(1));

        assertThat(producer.history()).hasSize(1);
        ProducerRecord<byte[], byte[]> first = producer.history().getFirst();
        String name = "system/forget-sessions";
        assertThat(first.topic()).isEqualTo(Topics.SCHEDULES);
        assertThat(first.partition()).isEqualTo(FactKeys.partition(name));
        assertThat(new String(first.key(), StandardCharsets.UTF_8)).isEqualTo(name);
        ScheduleSet set = Json.read(first.value(), ScheduleSet.class);
        assertThat(set.schedule(FORGET.payload())).isEqualTo(schedules.mine().getFirst());
    }

    @Test
    void aLogThatDoesNotTakeItIsAnError() {
        assertThatThrownBy(() -> of(JobType.PLATFORM).set(producer(false), CLOCK, Duration.ofMillis(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("system/");
    }
}
