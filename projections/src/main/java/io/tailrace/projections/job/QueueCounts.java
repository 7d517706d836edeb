package io.tailrace.projections.job;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.identity.UuidV7;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.QueueCounted;
import io.tailrace.contracts.job.JobEvents.QueueSizes;
import io.tailrace.contracts.job.JobState;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.time.MonotonicTime;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on {@code jobs:{queue}} how many jobs a queue has, at most once in {@link #INTERVAL} and only after they have changed, so that
 * whoever watches queues need not count events or ask again and again. A message that is lost is made up for by the next. The same
 * numbers are gauges, which are read anew every {@link #GAUGE_INTERVAL}: every instance has those of all queues. What happens to jobs
 * is counted as well, by the instance that copies it.
 *
 * <p>{@link #changed} is for any thread, everything else for the loop's.
 */
public final class QueueCounts implements SupervisedLoop.Body {
    static final Duration INTERVAL = Duration.ofSeconds(1);
    static final Duration GAUGE_INTERVAL = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(QueueCounts.class);
    private static final String NAMESPACE = "jobs:";
    private static final String SOURCE = "/tailrace/projections";

    private final QueueSizesTable table;
    private final Producer<byte[], byte[]> producer;
    private final Namespaces namespaces;
    private final InstantSource clock;
    private final UuidV7 ids;
    private final MultiGauge sizes;
    private final MultiGauge oldest;
    private final JobMeters events;
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private long gaugesAtMs = Long.MIN_VALUE;

    /**
     * Counts over a producer that somebody else closes.
     *
     * @param timeoutMs the longest silence of PostgreSQL, in milliseconds, before it counts as away
     */
    public QueueCounts(
            DataSource dataSource,
            int timeoutMs,
            Producer<byte[], byte[]> producer,
            Namespaces namespaces,
            InstantSource clock,
            MeterRegistry meters) {
        this.table = new QueueSizesTable(dataSource, timeoutMs);
        this.producer = producer;
        this.namespaces = namespaces;
        this.clock = clock;
        this.ids = new UuidV7(clock, RandomGenerator.getDefault());
        this.events = new JobMeters(meters, clock);
        this.sizes = MultiGauge.builder("tailrace.jobs.size")
                .description("Jobs of a queue by state, as the log last said")
                .register(meters);
        this.oldest = MultiGauge.builder("tailrace.jobs.oldest.waiting")
                .description("How long ago the oldest job of a queue that waits was to run")
                .baseUnit("seconds")
                .register(meters);
    }

    /** Something about jobs was copied. */
    public void changed(JobChange change) {
        if (change instanceof JobChange.Happened(JobEvent event)) {
            events.count(event);
            changed.add(event.job().queue());
        }
    }

    @Override
    public void run(SupervisedLoop loop) throws SQLException {
        while (!loop.isStopping()) {
            turn(MonotonicTime.nowMs());
            loop.succeeded();
            loop.pause(INTERVAL.toMillis());
        }
    }

    private void turn(long nowMs) throws SQLException {
        // What changes while it is read is read again in the next turn.
        List<String> names = List.copyOf(changed);
        changed.removeAll(Set.copyOf(names));
        try {
            if (!names.isEmpty()) {
                table.read(names).forEach(this::tell);
            }
            if (gaugesAtMs == Long.MIN_VALUE || nowMs - gaugesAtMs >= GAUGE_INTERVAL.toMillis()) {
                measure(table.read(null));
                gaugesAtMs = nowMs;
            }
        } catch (SQLException e) {
            changed.addAll(names);
            throw e;
        }
    }

    private void tell(QueueCounted queue) {
        String name = NAMESPACE + queue.queue();
        if (!Channel.isValid(name)) {
            return;
        }
        Channel channel = new Channel(name);
        // A namespaces file of one's own need not have it.
        Optional<Namespace> namespace = namespaces.of(channel);
        if (namespace.isEmpty()) {
            return;
        }
        Event event = new Event(
                ids.next().toString(), JobEvents.QUEUE_COUNTED, SOURCE, clock.instant(), name, Json.write(queue));
        try {
            var unused = producer.send(EventRecords.toRecord(
                    namespace.get().topic(), channel.partition(namespace.get().partitions()), name, event));
        } catch (KafkaException e) {
            LOG.debug("queue {}: its sizes were not sent", queue.queue(), e);
        }
    }

    private void measure(List<QueueCounted> queues) {
        sizes.register(queues.stream().flatMap(QueueCounts::rows).toList(), true);
        Instant now = clock.instant();
        oldest.register(
                queues.stream()
                        .map(queue -> MultiGauge.Row.of(Tags.of("queue", queue.queue()), seconds(queue, now)))
                        .toList(),
                true);
    }

    private static Stream<MultiGauge.Row<Number>> rows(QueueCounted queue) {
        QueueSizes sizes = queue.sizes();
        return Stream.of(
                row(queue, JobState.SCHEDULED, sizes.scheduled()),
                row(queue, JobState.READY, sizes.ready()),
                row(queue, JobState.RUNNING, sizes.running()),
                row(queue, JobState.RETRYING, sizes.retrying()),
                row(queue, JobState.SUCCEEDED, sizes.succeeded()),
                row(queue, JobState.DEAD, sizes.dead()),
                row(queue, JobState.CANCELLED, sizes.cancelled()));
    }

    private static MultiGauge.Row<Number> row(QueueCounted queue, JobState state, long jobs) {
        return MultiGauge.Row.of(Tags.of("queue", queue.queue(), "state", state.label()), jobs);
    }

    private static double seconds(QueueCounted queue, Instant now) {
        Instant at = queue.oldestWaitingAt();
        return at == null || at.isAfter(now) ? 0 : Duration.between(at, now).toMillis() / 1000.0;
    }
}
