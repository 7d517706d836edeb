package io.tailrace.search.drive;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Condition;
import io.tailrace.kit.consume.DeadLetterBox;
import io.tailrace.kit.consume.DeadLetterSender;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.Source;
import io.tailrace.kit.consume.TopicLookup;
import io.tailrace.search.SearchSettings;
import io.tailrace.search.document.SearchIndex;
import io.tailrace.search.index.BulkOutcome;
import io.tailrace.search.index.BulkWriter;
import io.tailrace.search.index.Incarnation;
import io.tailrace.search.index.IndexKeeper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one index up with the log: polls, writes in bulk, commits, polls again. Offsets are committed only after the bulk
 * that holds them, and writing again does no harm, so nothing is lost and nothing is wrong after a crash.
 *
 * <p>Whatever fails for want of a server is tried again for ever, with growing waits; the group membership is kept alive
 * meanwhile. One thread runs it; {@link #stop()} and {@link #condition()} may be called from any.
 */
public final class IndexLoop implements Loop {
    private static final Logger LOG = LoggerFactory.getLogger(IndexLoop.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final SearchIndex index;
    private final IndexKeeper keeper;
    private final BulkWriter writer;
    private final KafkaClients clients;
    private final TopicLookup topics;
    private final DeadLetterBox deadLetters;
    private final IndexMeters meters;
    private final Backoff backoff;
    private final Duration pollWait;
    private final long checkIntervalNs;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private long checkedNs;
    private volatile @Nullable Consumer<byte[], byte[]> current;
    private volatile Condition condition = new Condition.Idle();

    /**
     * What the loops of all indexes share.
     *
     * @param keeper sees to it that the indexes exist
     * @param writer writes to them
     * @param clients make the consumers
     * @param topics tell which topic it is
     * @param deadLetters take what cannot be used
     * @param registry takes the numbers
     * @param settings bounds and waits
     */
    public record Ports(
            IndexKeeper keeper,
            BulkWriter writer,
            KafkaClients clients,
            TopicLookup topics,
            DeadLetterSender deadLetters,
            MeterRegistry registry,
            SearchSettings settings) {}

    /** A loop; it does nothing until it is run. */
    public IndexLoop(SearchIndex index, Ports ports) {
        SearchSettings settings = ports.settings();
        this.index = index;
        this.keeper = ports.keeper();
        this.writer = ports.writer();
        this.clients = ports.clients();
        this.topics = ports.topics();
        this.deadLetters = new DeadLetterBox(ports.deadLetters(), "search-indexer/" + index.name());
        this.meters = new IndexMeters(ports.registry(), index.name());
        this.backoff = new Backoff(settings.retryFirst(), settings.retryLongest(), RandomGenerator.getDefault());
        this.pollWait = settings.pollWait();
        this.checkIntervalNs = settings.indexCheck().toNanos();
    }

    @Override
    public String name() {
        return index.name();
    }

    @Override
    public Condition condition() {
        return condition;
    }

    @Override
    public void stop() {
        stop.countDown();
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    @Override
    public void run() {
        try {
            while (!isStopping()) {
                try {
                    Source source = topics.find(index.topic());
                    consume(keeper.ensure(index, source), source);
                } catch (WakeupException | InterruptException e) {
                    LOG.debug("index {}: woken", name());
                } catch (IOException | RuntimeException e) {
                    // Nobody else would begin again: whatever it is, a new consumer gets a new chance.
                    failed(e);
                    pause(backoff.nextMs());
                }
            }
        } finally {
            condition = new Condition.Stopped();
        }
    }

    /** Fills one incarnation of the index, until it or the topic is another one. */
    private void consume(Incarnation incarnation, Source source) {
        Consumer<byte[], byte[]> consumer = clients.consumer(incarnation);
        current = consumer;
        committed.clear();
        checkedNs = System.nanoTime();
        try {
            Members members = new Members(consumer, meters::forget);
            consumer.subscribe(List.of(index.topic()), members);
            boolean same = true;
            while (same && !isStopping()) {
                same = turn(consumer, members, incarnation, source);
            }
        } finally {
            current = null;
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        }
    }

    private boolean turn(Consumer<byte[], byte[]> consumer, Members members, Incarnation incarnation, Source source) {
        Batch batch = Batch.NOTHING;
        try {
            if (System.nanoTime() - checkedNs >= checkIntervalNs && !isSame(incarnation, source)) {
                return false;
            }
            batch = Batch.read(index, consumer.poll(pollWait));
            if (!batch.isEmpty() && !write(incarnation, batch)) {
                return false;
            }
            commit(consumer);
            succeeded(consumer);
            return true;
        } catch (IOException | ElasticsearchException | RetriableException | ElasticsearchBusy e) {
            failed(e);
            batch.starts().forEach((partition, start) -> {
                if (consumer.assignment().contains(partition)) {
                    consumer.seek(partition, start);
                }
            });
            rest(consumer, members);
            return true;
        }
    }

    private boolean isSame(Incarnation incarnation, Source source) throws IOException {
        boolean same =
                keeper.isCurrent(incarnation) && topics.find(index.topic()).equals(source);
        checkedNs = System.nanoTime();
        return same;
    }

    /** Returns false if the index is gone. */
    private boolean write(Incarnation incarnation, Batch batch) throws IOException, ElasticsearchBusy {
        meters.poisoned(deadLetters.put(batch.poisoned()));
        if (batch.items().isEmpty()) {
            meters.indexed(0, batch.ignored());
            return true;
        }
        // Elasticsearch makes an index for a delete that finds none, without mapping and without alias.
        if (batch.hasDeletes() && !keeper.isCurrent(incarnation)) {
            return false;
        }
        long startedNs = System.nanoTime();
        BulkOutcome outcome = writer.write(incarnation, batch.changes());
        meters.bulk(Duration.ofNanos(System.nanoTime() - startedNs));
        return switch (outcome) {
            case BulkOutcome.Gone gone -> false;
            case BulkOutcome.Busy(String reason) -> throw new ElasticsearchBusy(reason);
            case BulkOutcome.Written(Map<Integer, String> refused) -> {
                meters.poisoned(deadLetters.put(batch.refused(refused)));
                meters.indexed(batch.items().size() - refused.size(), batch.ignored());
                yield true;
            }
        };
    }

    private void commit(Consumer<byte[], byte[]> consumer) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            long position = consumer.position(partition);
            if (!Long.valueOf(position).equals(committed.get(partition))) {
                offsets.put(partition, new OffsetAndMetadata(position));
            }
        }
        deadLetters.passed();
        consumer.assignment().forEach(partition -> consumer.currentLag(partition)
                .ifPresent(lag -> meters.lag(partition.partition(), lag)));
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets);
            offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // Somebody else has the partition and writes the same documents again, which does no harm.
            LOG.debug("index {}: offsets not committed", name(), e);
        }
    }

    private void succeeded(Consumer<byte[], byte[]> consumer) {
        if (condition instanceof Condition.Retrying retrying) {
            LOG.info("index {}: goes on, after trouble since {}", name(), retrying.since());
        }
        condition = consumer.assignment().isEmpty() ? new Condition.Idle() : new Condition.Running();
        backoff.reset();
    }

    private void failed(Exception e) {
        meters.failed();
        String reason = e.getClass().getSimpleName() + ": "
                + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        Instant since = Instant.now();
        if (condition instanceof Condition.Retrying retrying) {
            since = retrying.since();
            LOG.debug("index {}: still fails", name(), e);
        } else {
            LOG.warn("index {}: tries again and again: {}", name(), reason);
            LOG.debug("index {}: fails", name(), e);
        }
        condition = new Condition.Retrying(reason, since);
    }

    /** Waits before the next attempt. Polling meanwhile keeps the membership in the group; nothing is read. */
    private void rest(Consumer<byte[], byte[]> consumer, Members members) {
        members.rest();
        long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(backoff.nextMs());
        for (long leftNs = 1; leftNs > 0 && !isStopping(); leftNs = untilNs - System.nanoTime()) {
            ConsumerRecords<byte[], byte[]> none = consumer.poll(Duration.ofNanos(leftNs));
            if (!none.isEmpty()) {
                throw new IllegalStateException("index " + name() + ": a paused consumer returned records");
            }
        }
        members.goOn();
        // Whatever failed: before the next attempt it is made sure that index and topic are still the same ones.
        checkedNs = System.nanoTime() - checkIntervalNs;
    }

    private void pause(long waitMs) {
        try {
            if (stop.await(waitMs, TimeUnit.MILLISECONDS)) {
                LOG.debug("index {}: stops while it waits", name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.countDown();
        }
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }
}
