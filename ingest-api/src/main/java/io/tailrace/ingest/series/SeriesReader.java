package io.tailrace.ingest.series;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.series.SeriesPoint;
import io.tailrace.ingest.metric.Metric;
import io.tailrace.ingest.projection.CopiedPosition;
import io.tailrace.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Reads series for whoever answers them, over HTTP or gRPC, and bounds how many answers there are at the same time. Thread-safe;
 * blocks.
 */
@Singleton
final class SeriesReader {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final SeriesRows rows;
    private final Namespaces namespaces;
    private final int maxReaders;
    private final Semaphore readers;

    SeriesReader(SeriesRows rows, Namespaces namespaces, SeriesQuerySettings settings) {
        this.rows = rows;
        this.namespaces = namespaces;
        this.maxReaders = settings.maxReaders();
        this.readers = new Semaphore(maxReaders);
    }

    /**
     * Takes the place of an answer, until {@link #leave}.
     *
     * @throws ProblemException 503 if there is none
     */
    void enter() {
        if (!readers.tryAcquire()) {
            throw ProblemException.unavailable(
                    maxReaders + " requests for series are being answered already", RETRY_AFTER, null);
        }
    }

    /** Gives the place back. */
    void leave() {
        readers.release();
    }

    /**
     * What PostgreSQL has.
     *
     * @throws ProblemException 503 if it is away or nothing was copied so far
     */
    SeriesRows.Found find(Metric metric, SeriesRequest wanted) {
        Channel channel = channel(metric, wanted);
        Namespace namespace = namespace(channel);
        return rows.find(
                        metric.id(),
                        wanted.resolution(),
                        wanted.read(),
                        wanted.mostWindows(),
                        namespace.topic(),
                        channel.partition(namespace.partitions()))
                .orElseThrow(SeriesReader::notThere);
    }

    /** What of it is answered. */
    SeriesBytes.Answer answer(Metric metric, SeriesRequest wanted, SeriesRows.Found found) {
        Channel channel = channel(metric, wanted);
        List<SeriesRow> all = found.rows();
        return new SeriesBytes.Answer(
                new SeriesBytes.MetricView(metric.id(), metric.name(), metric.unit()),
                wanted,
                SeriesGaps.mark(
                        all,
                        MinMaxLttb.reduce(all, wanted.maxPoints()),
                        wanted.resolution().lengthMs()),
                SeriesBytes.Domain.of(all),
                channel.name(),
                new CopiedPosition(found.generation(), found.nextOffset()).cursor(channel, namespace(channel)),
                all.isEmpty()
                        ? wanted.range().from()
                        : Instant.ofEpochMilli(all.getLast().tMs()));
    }

    private static Channel channel(Metric metric, SeriesRequest wanted) {
        return new Channel(SeriesPoint.channel(metric.id(), wanted.resolution().label()));
    }

    private Namespace namespace(Channel channel) {
        return namespaces.of(channel).orElseThrow(SeriesReader::notThere);
    }

    private static ProblemException notThere() {
        return ProblemException.unavailable("The windows are not there yet", RETRY_AFTER, null);
    }
}
