package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobCommand;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * What a task counts: {@code kafka.stream.jobs.<what>.total} and {@code .rate}.
 *
 * @param scheduled jobs that are new, or begun anew by an operator
 * @param released jobs that were handed to the workers
 * @param started attempts that began
 * @param succeeded jobs that did
 * @param retried attempts that ended without success and are not the last
 * @param dead jobs that are
 * @param cancelled jobs that were
 * @param refused commands that were: stale tokens, full queues and the like
 * @param skipped firings of schedules that enqueued no job, because that of an earlier one is not finished, or the queue is full
 */
record JobSensors(
        Sensor scheduled,
        Sensor released,
        Sensor started,
        Sensor succeeded,
        Sensor retried,
        Sensor dead,
        Sensor cancelled,
        Sensor refused,
        Sensor skipped) {
    static JobSensors of(ProcessorContext<byte[], byte[]> context) {
        return new JobSensors(
                sensor(context, "scheduled"),
                sensor(context, "released"),
                sensor(context, "started"),
                sensor(context, "succeeded"),
                sensor(context, "retried"),
                sensor(context, "dead"),
                sensor(context, "cancelled"),
                sensor(context, "refused"),
                sensor(context, "skipped"));
    }

    private static Sensor sensor(ProcessorContext<byte[], byte[]> context, String what) {
        String task = context.taskId().toString();
        return context.metrics().addRateTotalSensor("jobs", task, what, Sensor.RecordingLevel.INFO);
    }

    void count(JobEffect effect) {
        switch (effect) {
            case JobEffect.Scheduled _ -> scheduled.record();
            case JobEffect.Released _ -> released.record();
            case JobEffect.Started _ -> started.record();
            case JobEffect.Succeeded _ -> succeeded.record();
            case JobEffect.Retrying _ -> retried.record();
            case JobEffect.Dead _ -> dead.record();
            case JobEffect.Cancelled _ -> cancelled.record();
            case JobEffect.Refused(JobCommand cause, var _, var _) -> {
                refused.record();
                countSkipped(cause);
            }
            case JobEffect.Existing(JobCommand cause, StoredJob _) -> countSkipped(cause);
            case JobEffect.Progressed _,
                    JobEffect.QueueChanged _,
                    JobEffect.Repeated _,
                    JobEffect.Confirmed _,
                    JobEffect.Erased _ -> {}
        }
    }

    private void countSkipped(JobCommand cause) {
        if (cause instanceof JobCommand.Enqueue enqueue && enqueue.firing() != null) {
            skipped.record();
        }
    }
}
