package io.tailrace.systemtests.chaos.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.chaos.schedule.Fault;
import io.tailrace.systemtests.platform.DataFolders;
import io.tailrace.systemtests.platform.Launcher;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The faults of jobs that happen with the tests: few, and of one seed. {@code ./tailrace chaos jobs} is the same for longer. */
@Tag("server")
class JobChaosTest {
    private static final long SEED = Long.getLong("job-chaos.seed", 20);
    private static final int JOBS = Integer.getInteger("job-chaos.jobs", 1_000);
    private static final long SECONDS = Long.getLong("job-chaos.seconds", 6);

    /** From here on a run has time for all kinds of faults. */
    private static final long LONG_SECONDS = 30;

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void while_workers_are_frozen_and_killed_and_the_dispatcher_is_every_job_has_its_effect_once() throws Exception {
        // given jobs that are enqueued while a worker thaws, and workers and the dispatcher die
        long durationMs = TimeUnit.SECONDS.toMillis(SECONDS);
        JobPlan plan =
                SECONDS < LONG_SECONDS ? JobPlan.brief(SEED, JOBS, durationMs) : JobPlan.draw(SEED, JOBS, durationMs);
        Launcher launcher = new Launcher(DataFolders.create("job-chaos"), JobChaosRun.SETTINGS);

        // when it happens
        JobResult result = new JobChaosRun(plan, line -> {}).run(launcher, JobChaosRun.SETTINGS);

        // then nothing is lost, twice or without an end, and what had thawed changed nothing
        System.out.println(result.text());
        assertThat(result.wrong()).isEmpty();
        long acknowledged = JOBS + JobChaosRun.HELD_JOBS;
        assertThat(result.numbers())
                .containsEntry("acknowledged", acknowledged)
                .containsEntry("succeeded once", acknowledged)
                .containsEntry("effects", acknowledged);
        assertThat(result.outcomes().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .as("outcomes")
                .isEqualTo(result.numbers().get("attempts"));
        // and all that was to go wrong did, so that the checker had it to check
        for (Fault.Part part : new Fault.Part[] {Fault.Part.WORKER_1, Fault.Part.WORKER_2, Fault.Part.DISPATCHER}) {
            assertThat(result.faults()).containsKey("kill " + part);
        }
        assertThat(result.numbers().get("attempts of the frozen worker")).isPositive();
        assertThat(result.outcomes().get("lease_expired")).isPositive();
    }
}
