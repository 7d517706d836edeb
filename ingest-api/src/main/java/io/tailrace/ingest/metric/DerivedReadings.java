package io.tailrace.ingest.metric;

import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricCreated;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.problem.Problem.FieldError;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Adds metrics and readings whose ids follow from what they say. A sender that repeats a request, because it has had no answer, makes
 * the same events again, and readers of the log count each id once; so no idempotency key is needed. Thread-safe; blocks until the log
 * has them.
 */
@Singleton
public class DerivedReadings {
    private static final int APPENDED_AT_ONCE = 500;

    private final EventLog log;
    private final Metrics metrics;
    private final MetricSettings settings;

    DerivedReadings(EventLog log, Metrics metrics, MetricSettings settings) {
        this.log = log;
        this.metrics = metrics;
        this.settings = settings;
    }

    /**
     * Why a reading cannot be added, for each fault one sentence; empty if it can be.
     *
     * @param now the time of the request
     */
    public List<String> faults(UUID metric, double value, Instant timestamp, Instant now) {
        try {
            var unused = new NewReading(metric, value, timestamp).checked(now, settings.maxFuture());
            return List.of();
        } catch (ProblemException e) {
            return Objects.requireNonNullElse(e.problem().errors(), List.<FieldError>of()).stream()
                    .map(error -> error.field() + ": " + error.message())
                    .toList();
        }
    }

    /**
     * Adds metrics that there are not yet, and then readings.
     *
     * @param wanted metrics, those that there are already among them
     * @param readings readings of these metrics
     * @param now the time of the request
     * @throws ProblemException 503 if PostgreSQL is away, or if the log did not acknowledge all; the same request adds what is missing
     */
    public void add(Collection<Metric> wanted, List<MetricReadingCreated> readings, Instant now) {
        List<Metric> missing =
                wanted.stream().filter(metric -> !metrics.isCopied(metric.id())).toList();
        append(missing.stream()
                .map(metric -> MetricEvents.fact(
                        Topics.METRICS,
                        metric.id().toString(),
                        EventTypes.METRIC_CREATED,
                        metric.id(),
                        now,
                        new MetricCreated(metric.id(), metric.name(), metric.unit())))
                .toList());
        missing.forEach(metrics::remember);
        append(readings.stream()
                .map(reading -> MetricEvents.fact(
                        Topics.READINGS,
                        reading.metricId().toString(),
                        EventTypes.METRIC_READING_CREATED,
                        reading.id(),
                        now,
                        reading))
                .toList());
    }

    private void append(List<OutgoingEvent> entries) {
        List<AppendOutcome> outcomes = new ArrayList<>(entries.size());
        for (int from = 0; from < entries.size(); from += APPENDED_AT_ONCE) {
            outcomes.addAll(log.append(entries.subList(from, Math.min(entries.size(), from + APPENDED_AT_ONCE))));
        }
        long missing = outcomes.stream()
                .filter(outcome -> !(outcome instanceof AppendOutcome.Appended))
                .count();
        if (missing > 0) {
            throw new ProblemException(
                            ProblemType.UNAVAILABLE,
                            "The log did not acknowledge " + missing + " of " + entries.size()
                                    + " events in time. Send the request again to add each of them once.")
                    .with("Retry-After", "2");
        }
    }
}
