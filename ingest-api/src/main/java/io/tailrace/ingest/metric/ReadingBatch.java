package io.tailrace.ingest.metric;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.Write;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.ingest.log.Appends;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.ingest.metric.ReadingsAnswer.Outcome;
import io.tailrace.kit.problem.Problem.FieldError;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Adds the readings of an array, each with an outcome of its own: one that is wrong keeps no other out. Thread-safe; blocks until the
 * log has those that are right.
 */
@Singleton
class ReadingBatch {
    /** The most readings of an array. */
    static final int MAX_READINGS = 500;

    private final Appends log;
    private final Metrics metrics;
    private final MetricSettings settings;

    ReadingBatch(Appends log, Metrics metrics, MetricSettings settings) {
        this.log = log;
        this.metrics = metrics;
        this.settings = settings;
    }

    /**
     * Checks that a body can be a batch.
     *
     * @throws ProblemException 400 if it is empty or too large
     */
    static void requireSize(JsonNode body) {
        if (body.isEmpty() || body.size() > MAX_READINGS) {
            throw ProblemException.invalid(
                    "readings", body.size() + " readings in the array, expected 1 to " + MAX_READINGS);
        }
    }

    /**
     * Adds them.
     *
     * @throws ProblemException 503 if it could not be found out which metrics there are, or if the log did not acknowledge all; the same
     *     request with the same {@code Idempotency-Key} then adds what is missing
     */
    ReadingsAnswer add(JsonNode body, Write write) {
        Map<UUID, Boolean> known = new HashMap<>();
        List<Outcome> outcomes = new ArrayList<>(body.size());
        List<OutgoingEvent> entries = new ArrayList<>(body.size());
        for (int i = 0; i < body.size(); i++) {
            Outcome outcome = outcome(body.get(i), i, write, known);
            outcomes.add(outcome);
            UUID id = outcome.id();
            if (id != null) {
                entries.add(entry(outcome, id, write));
            }
        }
        append(entries, write);
        return new ReadingsAnswer(entries.size(), outcomes.size() - entries.size(), outcomes);
    }

    private Outcome outcome(JsonNode node, int index, Write write, Map<UUID, Boolean> known) {
        UUID metricId = null;
        try {
            NewReading sent = NewReading.read(node);
            metricId = sent.metricId();
            NewReading.Checked wanted = sent.checked(write.stamp().time(), settings.maxFuture());
            if (!known.computeIfAbsent(wanted.metricId(), metrics::exists)) {
                return Outcome.refused(
                        404,
                        metricId,
                        List.of(new FieldError("metric_id", "There is no metric with the id " + metricId)));
            }
            // Of its place in the array, so that every attempt makes the same ids whatever is refused.
            return Outcome.accepted(new MetricReadingCreated(
                    write.stamp().id(index),
                    wanted.metricId(),
                    wanted.value(),
                    wanted.timestamp() == null ? write.stamp().time() : wanted.timestamp()));
        } catch (ProblemException e) {
            if (e.problem().status() != 400) {
                throw e;
            }
            return Outcome.refused(
                    400, metricId, Objects.requireNonNullElse(e.problem().errors(), List.of()));
        }
    }

    private static OutgoingEvent entry(Outcome outcome, UUID id, Write write) {
        UUID metric = Optional.ofNullable(outcome.metricId()).orElseThrow();
        MetricReadingCreated reading = new MetricReadingCreated(
                id,
                metric,
                Optional.ofNullable(outcome.value()).orElseThrow(),
                Optional.ofNullable(outcome.timestamp()).orElseThrow());
        return MetricEvents.fact(
                Topics.READINGS,
                metric.toString(),
                EventTypes.METRIC_READING_CREATED,
                id,
                write.stamp().time(),
                reading);
    }

    private void append(List<OutgoingEvent> entries, Write write) {
        List<AppendOutcome> outcomes = new ArrayList<>();
        if (write.earlier() == null) {
            outcomes.addAll(entries.isEmpty() ? List.of() : log.append(entries, null));
        } else {
            // What an earlier attempt did is looked for in one partition at a time.
            Map<Integer, List<OutgoingEvent>> byPartition = new HashMap<>();
            for (OutgoingEvent entry : entries) {
                byPartition
                        .computeIfAbsent(Optional.ofNullable(entry.partition()).orElseThrow(), _ -> new ArrayList<>())
                        .add(entry);
            }
            byPartition.values().forEach(some -> outcomes.addAll(log.append(some, write.earlier())));
        }
        long missing = outcomes.stream()
                .filter(outcome -> !(outcome instanceof AppendOutcome.Appended))
                .count();
        if (missing > 0) {
            throw new ProblemException(
                            ProblemType.UNAVAILABLE,
                            "The log did not acknowledge " + missing + " of " + entries.size()
                                    + " readings in time. Send the request again with the same Idempotency-Key to add"
                                    + " each of them once.")
                    .with("Retry-After", "2");
        }
    }
}
