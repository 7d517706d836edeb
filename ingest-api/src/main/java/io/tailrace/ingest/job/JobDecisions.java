package io.tailrace.ingest.job;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobEventIds;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.CommandAnswered;
import io.tailrace.contracts.job.JobEvents.JobChanged;
import io.tailrace.contracts.job.JobEvents.QueueChanged;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.decision.Decisions;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decisions about jobs and queues. Most events are of workers and of time, and no request of this service waits for them: the command's
 * id is looked for in the bytes, and the rest is parsed only if it is wanted. Stateless.
 */
final class JobDecisions implements Decisions<JobDecision> {
    private static final Logger LOG = LoggerFactory.getLogger(JobDecisions.class);

    @Override
    public String loopName() {
        return "job-decisions";
    }

    @Override
    public String meterPrefix() {
        return "tailrace.jobs";
    }

    @Override
    public String subject() {
        return "jobs";
    }

    @Override
    public String topic() {
        return Topics.JOB_EVENTS;
    }

    @Override
    public UUID commandId(JobDecision decision) {
        UUID id = decision.commandId();
        if (id == null) {
            throw new IllegalArgumentException("a decision on no command");
        }
        return id;
    }

    @Override
    public String fingerprint(JobDecision decision) {
        return decision.fingerprint();
    }

    @Override
    public Optional<JobDecision> read(ConsumerRecord<byte[], byte[]> record, Predicate<UUID> isWanted) {
        byte @Nullable [] value = record.value();
        Header type = record.headers().lastHeader(Event.HEADER_TYPE);
        UUID early = value == null || type == null ? null : JobEventIds.commandId(value);
        if (value == null || type == null || early == null || !isWanted.test(early)) {
            return Optional.empty();
        }
        try {
            JobDecision decision = decision(new String(type.value(), StandardCharsets.UTF_8), value);
            return decision != null && early.equals(decision.commandId()) ? Optional.of(decision) : Optional.empty();
        } catch (IOException e) {
            // The projection of the jobs puts it into the dead letters.
            LOG.debug("{}-{}@{}: no decision", record.topic(), record.partition(), record.offset(), e);
            return Optional.empty();
        }
    }

    private static @Nullable JobDecision decision(String type, byte[] value) throws IOException {
        return switch (type) {
            case JobEvents.JOB_SCHEDULED,
                    JobEvents.JOB_STARTED,
                    JobEvents.JOB_PROGRESSED,
                    JobEvents.JOB_RETRYING,
                    JobEvents.JOB_SUCCEEDED,
                    JobEvents.JOB_DEAD,
                    JobEvents.JOB_CANCELLED -> {
                JobChanged changed = Json.read(value, JobChanged.class);
                yield changed.job() == null ? null : new JobDecision.Changed(changed);
            }
            case JobEvents.QUEUE_CHANGED -> new JobDecision.Queue(Json.read(value, QueueChanged.class));
            case JobEvents.COMMAND_ANSWERED -> new JobDecision.Answered(Json.read(value, CommandAnswered.class));
            default -> null;
        };
    }
}
