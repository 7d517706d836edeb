package io.tailrace.ingest.lease;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.JobLogged;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Appends what remote workers have logged, as workers of the platform do: to {@code tailrace.job-logs}, and the same event to {@code
 * job:{id}}. Thread-safe; blocks.
 */
@Singleton
final class LeaseLog {
    private final EventLog log;
    private final Namespaces namespaces;
    private final Stamps stamps;
    private final LeaseProofs proofs;

    LeaseLog(EventLog log, Namespaces namespaces, Stamps stamps, LeaseProofs proofs) {
        this.log = log;
        this.namespaces = namespaces;
        this.stamps = stamps;
        this.proofs = proofs;
    }

    /**
     * Appends what a worker says that an attempt has logged.
     *
     * @throws ProblemException as {@link LogReader#read} and {@link LeaseProofs#attempt}; 400 if the token is not that of this attempt; 503 if the log
     *     did not take them in time; they may be sent again, because lines have numbers
     */
    void append(String queue, UUID job, JsonNode body) {
        Instant now = Instant.now();
        LogReader.Said said = LogReader.read(job, body, now);
        JobLogged logged = said.logged();
        int attempt = proofs.attempt(queue, job, said.token());
        if (logged.attempt() != attempt) {
            throw ProblemException.invalid(
                    "attempt", logged.attempt() + ", expected " + attempt + ", which the token stands for");
        }
        String key = job.toString();
        Event event = new Event(
                stamps.id().toString(), JobEvents.JOB_LOGGED, EventSource.INGEST_API, now, key, Json.write(logged));
        List<OutgoingEvent> entries = new ArrayList<>();
        entries.add(OutgoingEvent.fact(Topics.JOB_LOGS, key, event));
        Channel channel = new Channel("job:" + key);
        // A namespaces file of one's own need not have it.
        namespaces
                .of(channel)
                .ifPresent(namespace -> entries.add(new OutgoingEvent(
                        namespace.topic(), channel.partition(namespace.partitions()), channel.name(), event)));
        for (AppendOutcome outcome : log.append(entries)) {
            if (!(outcome instanceof AppendOutcome.Appended)) {
                throw EventLog.unavailable();
            }
        }
    }
}
