package io.tailrace.ingest.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.job.JobEvents.QueueChanged;
import io.tailrace.contracts.job.QueueLimits;
import org.jspecify.annotations.Nullable;

/**
 * What a command about a queue led to.
 *
 * @param name the queue
 * @param state {@code paused} or {@code running}; {@code pending} if the command is not decided yet
 * @param limits its limits; 0 is none
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record QueueAnswer(String name, String state, @Nullable QueueLimits limits) {
    static QueueAnswer of(QueueChanged queue) {
        return new QueueAnswer(queue.queue(), state(queue.paused()), queue.limits());
    }

    static QueueAnswer pending(String name) {
        return new QueueAnswer(name, "pending", null);
    }

    static String state(boolean paused) {
        return paused ? "paused" : "running";
    }
}
