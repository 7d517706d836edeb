package io.tailrace.dispatcher.feed;

import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * What a task counts.
 *
 * @param delivered records given to followers
 * @param notFannedOut posts of authors above the threshold
 * @param inTurns posts whose followers are served in turns
 * @param turnsEnded posts of those that the last of these followers has; {@code inTurns} less this many wait
 * @param repeated posts that were in the log already
 */
record FeedSensors(Sensor delivered, Sensor notFannedOut, Sensor inTurns, Sensor turnsEnded, Sensor repeated) {
    static FeedSensors of(ProcessorContext<byte[], byte[]> context) {
        return new FeedSensors(
                sensor(context, "delivered"),
                sensor(context, "not-fanned-out"),
                sensor(context, "in-turns"),
                sensor(context, "turns-ended"),
                sensor(context, "repeated"));
    }

    private static Sensor sensor(ProcessorContext<byte[], byte[]> context, String what) {
        String task = context.taskId().toString();
        return context.metrics().addRateTotalSensor("feed", task, what, Sensor.RecordingLevel.INFO);
    }
}
