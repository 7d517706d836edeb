package io.tailrace.workers.forget;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.JobType;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.kit.cron.CronExpression;
import io.tailrace.kit.job.SystemSchedule;
import io.tailrace.kit.json.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ForgetFactoryTest {
    @Test
    void theScheduleIsOncePerDayForAPayloadThatItsTypeTakes() throws Exception {
        SystemSchedule schedule = new ForgetFactory().forgetSessions();
        JobType type = JobTypes.builtIn().of(schedule.type()).orElseThrow();

        assertThat(type.workers()).isEqualTo(JobType.PLATFORM);
        assertThat(type.faults(Json.mapper().readValue(schedule.payload(), Object.class)))
                .isEmpty();
        CronExpression cron = CronExpression.parse(schedule.cron());
        assertThat(cron.nextAfter(Instant.parse("2026-11-30T03:22:59Z"), ZoneOffset.UTC))
                .contains(Instant.parse("2026-11-30T03:23:00Z"));
        assertThat(cron.nextAfter(Instant.parse("2026-11-30T03:23:00Z"), ZoneOffset.UTC))
                .contains(Instant.parse("2026-12-01T03:23:00Z"));
    }
}
