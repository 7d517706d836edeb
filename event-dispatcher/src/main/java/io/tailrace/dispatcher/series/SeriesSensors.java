package io.tailrace.dispatcher.series;

import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * What a task counts: {@code kafka.stream.series.<what>.total} and {@code .rate}.
 *
 * @param told points that were written to channels
 * @param late readings that came too late for their window and were dropped
 * @param ahead readings that were too far ahead of the log's time and were dropped
 */
record SeriesSensors(Sensor told, Sensor late, Sensor ahead) {
    static SeriesSensors of(ProcessorContext<byte[], byte[]> context) {
        return new SeriesSensors(sensor(context, "told"), sensor(context, "late"), sensor(context, "ahead"));
    }

    private static Sensor sensor(ProcessorContext<byte[], byte[]> context, String what) {
        String task = context.taskId().toString();
        return context.metrics().addRateTotalSensor("series", task, what, Sensor.RecordingLevel.INFO);
    }
}
