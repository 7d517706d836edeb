package io.tailrace.dispatcher.schedule;

import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * What a task counts: {@code kafka.stream.schedules.<what>.total} and {@code .rate}.
 *
 * @param changed schedules that were set or deleted
 * @param fired firings whose jobs were asked for
 * @param missed firings that were left out because they were too late; of one schedule at one time at most a thousand are counted
 */
record ScheduleSensors(Sensor changed, Sensor fired, Sensor missed) {
    static ScheduleSensors of(ProcessorContext<byte[], byte[]> context) {
        return new ScheduleSensors(sensor(context, "changed"), sensor(context, "fired"), sensor(context, "missed"));
    }

    private static Sensor sensor(ProcessorContext<byte[], byte[]> context, String what) {
        String task = context.taskId().toString();
        return context.metrics().addRateTotalSensor("schedules", task, what, Sensor.RecordingLevel.INFO);
    }

    void count(ScheduleEffect effect) {
        switch (effect) {
            case ScheduleEffect.Changed _, ScheduleEffect.Deleted _ -> changed.record();
            case ScheduleEffect.Fired _ -> fired.record();
            case ScheduleEffect.Missed(var _, long _, int count) -> {
                for (int i = 0; i < count; i++) {
                    missed.record();
                }
            }
        }
    }
}
