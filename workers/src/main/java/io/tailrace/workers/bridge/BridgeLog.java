package io.tailrace.workers.bridge;

import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgedMetric;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricCreated;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.series.Resolution;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.contracts.series.SeriesGap;
import io.tailrace.contracts.series.SeriesPoint;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.workers.bridge.sequence.Copied;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * What bridges write into the log. The ids of all events follow from what they say, so whatever is written twice counts once. Thread-safe;
 * blocks until the brokers have it.
 */
final class BridgeLog {
    private static final String SOURCE = "/tailrace/workers";

    /** Behind the id of the first reading that is late, it makes the id of the event that tells them. */
    private static final String LATE = "/late";

    private final Producer<byte[], byte[]> producer;
    private final Namespaces namespaces;
    private final Resolutions resolutions;
    private final Duration grace;
    private final Duration timeout;
    private final InstantSource clock;

    /** The log did not take what was written, or nobody knows whether it did: the same is to be written again. */
    static final class LogAway extends Exception {
        private static final long serialVersionUID = 1L;

        LogAway(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * A log over {@code producer}, which whoever made it closes.
     *
     * @param resolutions a gap is told on the channel of each
     * @param grace how late a reading may be to be in a window; of later ones a gap is told
     * @param timeout how long the log may take
     */
    BridgeLog(
            Producer<byte[], byte[]> producer,
            Namespaces namespaces,
            Resolutions resolutions,
            Duration grace,
            Duration timeout,
            InstantSource clock) {
        this.producer = producer;
        this.namespaces = namespaces;
        this.resolutions = resolutions;
        this.grace = grace;
        this.timeout = timeout;
        this.clock = clock;
    }

    /** Lets there be the metric that a bridge copies to; if there is one, it stays as it is. */
    void create(Bridge bridge, BridgedMetric metric, @Nullable String unit) throws LogAway, InterruptedException {
        UUID id = bridge.metricId(metric);
        append(List.of(
                fact(Topics.METRICS, EventTypes.METRIC_CREATED, id, id, new MetricCreated(id, metric.name(), unit))));
    }

    /** Writes what was copied, in its order. */
    void write(String bridge, PendingEvents copied) throws LogAway, InterruptedException {
        List<ProducerRecord<byte[], byte[]>> records =
                new ArrayList<>(copied.entries().size());
        for (PendingEvents.Entry each : copied.entries()) {
            UUID metric = each.metricId();
            Copied.Reading reading = each.reading();
            if (reading != null) {
                records.add(fact(
                        Topics.READINGS,
                        EventTypes.METRIC_READING_CREATED,
                        each.id(),
                        metric,
                        new MetricReadingCreated(each.id(), metric, reading.value(), reading.at())));
            }
            Copied.Gap gap = each.gap();
            if (gap != null) {
                records.addAll(gap(each.id(), told(bridge, metric, gap)));
            }
        }
        late(bridge, copied, records);
        append(records);
    }

    /** The log has late readings, and no window does. Of those of a step that follow one another one gap is told. */
    private void late(String bridge, PendingEvents copied, List<ProducerRecord<byte[], byte[]>> records) {
        Instant earliest = clock.instant().minus(grace);
        PendingEvents.@Nullable Entry first = null;
        PendingEvents.@Nullable Entry last = null;
        for (PendingEvents.Entry each : copied.entries()) {
            Copied.Reading reading = each.reading();
            boolean isLate = reading != null && reading.at().isBefore(earliest);
            if (first != null && (!isLate || !first.metricId().equals(each.metricId()))) {
                records.addAll(late(bridge, first, Objects.requireNonNull(last)));
                first = null;
            }
            if (isLate) {
                first = first == null ? each : first;
                last = each;
            }
        }
        if (first != null) {
            records.addAll(late(bridge, first, Objects.requireNonNull(last)));
        }
    }

    private List<ProducerRecord<byte[], byte[]>> late(
            String bridge, PendingEvents.Entry first, PendingEvents.Entry last) {
        Copied.Reading from = Objects.requireNonNull(first.reading());
        Copied.Reading to = Objects.requireNonNull(last.reading());
        UUID id = UUID.nameUUIDFromBytes((first.id() + LATE).getBytes(StandardCharsets.UTF_8));
        return gap(
                id,
                new SeriesGap(
                        first.metricId(),
                        bridge,
                        from.epoch(),
                        from.sequence(),
                        to.sequence(),
                        from.at(),
                        to.at(),
                        "The readings came too late for windows. GET /metrics/{id}/readings has them."));
    }

    /** A gap as it is told on the channels of a metric. */
    static SeriesGap told(String bridge, UUID metric, Copied.Gap gap) {
        return new SeriesGap(metric, bridge, gap.epoch(), gap.first(), gap.last(), gap.from(), gap.to(), gap.reason());
    }

    private List<ProducerRecord<byte[], byte[]>> gap(UUID id, SeriesGap gap) {
        byte[] data = Json.write(gap);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Resolution resolution : resolutions.all()) {
            Channel channel = new Channel(SeriesPoint.channel(gap.metricId(), resolution.label()));
            Namespace namespace = namespaces
                    .of(channel)
                    .orElseThrow(() -> new IllegalStateException("the namespace series is not declared"));
            Event said = new Event(id.toString(), SeriesGap.TYPE, SOURCE, clock.instant(), channel.name(), data);
            records.add(EventRecords.toRecord(
                    namespace.topic(), channel.partition(namespace.partitions()), channel.name(), said));
        }
        return records;
    }

    private ProducerRecord<byte[], byte[]> fact(String topic, String type, UUID id, UUID metric, Object data) {
        String key = metric.toString();
        Event event = new Event(id.toString(), type, SOURCE, clock.instant(), key, Json.write(data));
        return EventRecords.toRecord(topic, FactKeys.partition(key), key, event);
    }

    private void append(List<ProducerRecord<byte[], byte[]>> records) throws LogAway, InterruptedException {
        try {
            List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
            for (ProducerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(record));
            }
            for (Future<RecordMetadata> each : sent) {
                var unused = each.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new LogAway("the log did not take " + records.size() + " events in time", e);
        }
    }
}
