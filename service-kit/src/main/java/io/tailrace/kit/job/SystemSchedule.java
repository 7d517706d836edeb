package io.tailrace.kit.job;

import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.JobType;
import io.tailrace.contracts.job.MissedPolicy;
import io.tailrace.contracts.job.OverlapPolicy;

/**
 * A schedule that ships with Tailrace. A bean of this type beside the handler of its jobs is all that it needs: the processes of the group of
 * workers that runs them set it when they start. After a downtime it fires once, and not while its last job is unfinished.
 *
 * @param name behind {@value JobSchedule#SYSTEM_PREFIX}
 * @param cron when, in UTC
 * @param type of its jobs
 * @param payload of its jobs, as JSON
 */
public record SystemSchedule(String name, String cron, String type, String payload) {
    /** The schedule as anybody's is, with what its type wants. */
    public JobSchedule of(JobType declared) {
        return new JobSchedule(
                JobSchedule.SYSTEM_PREFIX + name,
                cron,
                "UTC",
                MissedPolicy.LAST,
                OverlapPolicy.SKIP,
                declared.queue(),
                declared.job(),
                payload);
    }
}
