package io.tailrace.workers.redrive;

import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.JobHandler;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * The type {@code redrive}: writes the records of dead letters to their topics again, and takes the letters away, in transactions. What was
 * done before an attempt ended has no letters any more, so the next attempt goes on with the others. Thread-safe.
 */
@Singleton
final class RedriveHandler implements JobHandler<RedrivePayload> {
    private final KafkaSettings kafka;

    RedriveHandler(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    @Override
    public String type() {
        return "redrive";
    }

    @Override
    public Class<RedrivePayload> payload() {
        return RedrivePayload.class;
    }

    @Override
    public Map<String, Object> run(RedrivePayload payload, JobContext context)
            throws JobFailure, InterruptedException, ExecutionException {
        if (payload.bound() < 1) {
            throw JobFailure.lasting("invalid_payload", "most: " + payload.most() + ", expected at least 1", null);
        }
        try (LogReader committed = LogReader.ofCommitted(kafka, context::isStopped);
                LogReader all = LogReader.ofAll(kafka, context::isStopped);
                LetterWriter writer = new LetterWriter(kafka, "tailrace-redrive-" + context.id(), all)) {
            return new Redrive(payload, context, committed, writer).run();
        }
    }
}
