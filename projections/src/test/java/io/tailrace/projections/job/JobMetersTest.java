package io.tailrace.projections.job;

import static io.tailrace.projections.job.JobEventsOfTests.AT;
import static io.tailrace.projections.job.JobEventsOfTests.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobMetersTest {
    private final UUID id = UUID.randomUUID();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final JobMeters meters = new JobMeters(registry, InstantSource.fixed(AT.plusSeconds(60)));

    @Test
    void what_happens_is_counted_by_queue_with_waits_and_runs() {
        count(JobEvent.Kind.SCHEDULED, JobState.READY, 0, AT, null);
        count(JobEvent.Kind.STARTED, JobState.RUNNING, 1, AT.plusSeconds(1), null);
        count(JobEvent.Kind.RETRYING, JobState.RETRYING, 1, AT.plusSeconds(4), JobError.LEASE_EXPIRED);
        count(JobEvent.Kind.STARTED, JobState.RUNNING, 2, AT.plusSeconds(5), null);
        count(JobEvent.Kind.RETRYING, JobState.READY, 2, AT.plusSeconds(6), JobError.HANDED_BACK);
        count(JobEvent.Kind.DEAD, JobState.DEAD, 2, AT.plusSeconds(9), JobError.TIMEOUT);
        count(JobEvent.Kind.SCHEDULED, JobState.READY, 2, AT.plusSeconds(10), null, false);
        count(JobEvent.Kind.SUCCEEDED, JobState.SUCCEEDED, 2, AT.plusSeconds(12), null);
        count(JobEvent.Kind.CANCELLED, JobState.CANCELLED, 2, AT.plusSeconds(13), null);

        assertThat(counted("enqueued")).isEqualTo(1);
        assertThat(counted("started")).isEqualTo(2);
        assertThat(counted("failed")).isEqualTo(2);
        assertThat(counted("lease_expired")).isEqualTo(1);
        assertThat(counted("timed_out")).isEqualTo(1);
        assertThat(counted("handed_back")).isEqualTo(1);
        assertThat(counted("dead")).isEqualTo(1);
        assertThat(counted("succeeded")).isEqualTo(1);
        assertThat(counted("cancelled")).isEqualTo(1);
        // The first attempt begins a second after the job was enqueued; the second one's wait is not known.
        assertThat(registry.get("tailrace.jobs.wait").timer().count()).isEqualTo(1);
        assertThat(registry.get("tailrace.jobs.wait").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(1);
        assertThat(registry.get("tailrace.jobs.run").timer().count()).isEqualTo(3);
        assertThat(registry.get("tailrace.jobs.run").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(3 + 7 + 10);
    }

    @Test
    void what_was_long_ago_is_not_counted() {
        count(JobEvent.Kind.SCHEDULED, JobState.READY, 0, AT.minus(JobMeters.NEWS), null);

        assertThat(registry.getMeters()).isEmpty();
    }

    private double counted(String event) {
        return registry.get("tailrace.jobs.events")
                .tags("queue", "default", "event", event)
                .counter()
                .count();
    }

    private void count(JobEvent.Kind kind, JobState state, int attempt, Instant at, @Nullable String error) {
        count(kind, state, attempt, at, error, true);
    }

    private void count(
            JobEvent.Kind kind, JobState state, int attempt, Instant at, @Nullable String error, boolean isNew) {
        JobError failure = error == null ? null : new JobError(error, "it failed");
        meters.count(new JobEvent(kind, view(id, state, attempt), isNew, at, null, null, failure, null));
    }
}
