package io.tailrace.dispatcher.schedule;

import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.MissedPolicy;
import io.tailrace.contracts.job.OverlapPolicy;
import io.tailrace.contracts.job.RetryPolicy;

/** Schedules of tests. */
final class TestSchedules {
    static final JobSpec JOB = new JobSpec("report", 5, null, 0, null, 0, 3, 60, null, RetryPolicy.DEFAULT);

    private TestSchedules() {}

    static JobSchedule of(String name, String cron, MissedPolicy missed) {
        return of(name, cron, "UTC", missed, OverlapPolicy.ALLOW);
    }

    static JobSchedule of(String name, String cron, String zone, MissedPolicy missed, OverlapPolicy overlap) {
        return new JobSchedule(name, cron, zone, missed, overlap, "default", JOB, "{\"n\":1}");
    }
}
