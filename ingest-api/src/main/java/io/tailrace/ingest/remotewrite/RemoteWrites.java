package io.tailrace.ingest.remotewrite;

import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.identity.DerivedId;
import io.tailrace.ingest.input.Texts;
import io.tailrace.ingest.metric.DerivedReadings;
import io.tailrace.ingest.metric.Metric;
import io.tailrace.ingest.remotewrite.WriteRequest.Sample;
import io.tailrace.ingest.remotewrite.WriteRequest.Series;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.Problem.FieldError;
import io.tailrace.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes readings of the samples of a request. A series is a metric, whose id follows from its labels; a sample is a reading, whose id
 * follows from its series and its time. Thread-safe; blocks until the log has them.
 */
@Singleton
class RemoteWrites {
    static final int MAX_NAME = 1_000;

    private static final String SUBJECT = "remote-write";
    private static final int SHOWN_FAULTS = 20;

    /** What Prometheus sends when a series has ended: a NaN with bits of its own. It is no sample. */
    private static final long STALE_BITS = 0x7ff0_0000_0000_0002L;

    private final DerivedReadings readings;

    RemoteWrites(DerivedReadings readings) {
        this.readings = readings;
    }

    /**
     * Adds the samples that can be readings.
     *
     * @param now the time of the request
     * @throws ProblemException 400 if there are others, which are named, when the log has those that can be; 503 if the log did not
     *     acknowledge all
     */
    void add(WriteRequest request, Instant now) {
        Batch batch = new Batch(now);
        for (int i = 0; i < request.series().size(); i++) {
            batch.take("timeseries[" + i + "]", request.series().get(i));
        }
        readings.add(batch.metrics.values(), batch.readings, now);
        batch.throwIfRefused();
    }

    /** What becomes of one request. */
    private final class Batch {
        final Map<UUID, Metric> metrics = new LinkedHashMap<>();
        final List<MetricReadingCreated> readings = new ArrayList<>();
        private final List<FieldError> faults = new ArrayList<>();
        private final Instant now;
        private int refused;

        Batch(Instant now) {
            this.now = now;
        }

        void take(String field, Series series) {
            @Nullable Metric metric = metric(field, series);
            if (metric == null) {
                return;
            }
            for (int i = 0; i < series.samples().size(); i++) {
                Sample sample = series.samples().get(i);
                if (Double.doubleToRawLongBits(sample.value()) != STALE_BITS) {
                    take(field + ".samples[" + i + "]", metric, sample);
                }
            }
        }

        private @Nullable Metric metric(String field, Series series) {
            String name;
            try {
                name = SeriesName.of(series.labels());
            } catch (IllegalArgumentException e) {
                refuse(
                        field,
                        e.getMessage() + ", expected labels with a name each",
                        series.samples().size());
                return null;
            }
            String fault = Texts.lineFault(name, MAX_NAME);
            if (fault != null) {
                refuse(
                        field,
                        "the name of the metric " + fault,
                        series.samples().size());
                return null;
            }
            return new Metric(DerivedId.of(SUBJECT, "metric", name), name, null);
        }

        private void take(String field, Metric metric, Sample sample) {
            Instant timestamp = Instant.ofEpochMilli(sample.timestampMs());
            List<String> wrong = RemoteWrites.this.readings.faults(metric.id(), sample.value(), timestamp, now);
            if (!wrong.isEmpty()) {
                refuse(field, metric.name() + ": " + String.join("; ", wrong), 1);
                return;
            }
            metrics.put(metric.id(), metric);
            UUID id = DerivedId.of(SUBJECT, "reading", metric.id(), Long.toString(sample.timestampMs()));
            readings.add(new MetricReadingCreated(id, metric.id(), sample.value(), timestamp));
        }

        private void refuse(String field, String message, int samples) {
            refused += samples;
            if (faults.size() < SHOWN_FAULTS) {
                faults.add(new FieldError(field, message));
            }
        }

        /** Prometheus does not send again what is answered with 400, which is right: it would be refused again. */
        void throwIfRefused() {
            if (!faults.isEmpty()) {
                throw new ProblemException(Problem.invalid(faults))
                        .with(RemoteWriteController.ADDED, Integer.toString(readings.size()))
                        .with(RemoteWriteController.REFUSED, Integer.toString(refused));
            }
        }
    }
}
