package io.tailrace.search.drive;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import io.tailrace.kit.consume.ConsumerLoop;
import io.tailrace.kit.consume.DeadLetterBox;
import io.tailrace.kit.consume.Source;
import io.tailrace.search.document.SearchIndex;
import io.tailrace.search.index.BulkOutcome;
import io.tailrace.search.index.Incarnation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills one incarnation of an index from the log: polls, writes in bulk, commits. Offsets are committed only after the
 * bulk that holds them, and writing again does no harm, so nothing is lost and nothing is wrong after a crash. Confined
 * to one thread, but for {@link #wakeup()}.
 */
final class Filling implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Filling.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final SearchIndex index;
    private final Incarnation incarnation;
    private final Source source;
    private final IndexLoop.Ports ports;
    private final DeadLetterBox deadLetters;
    private final IndexMeters meters;
    private final BooleanSupplier stopping;
    private final long checkIntervalNs;

    private final Consumer<byte[], byte[]> consumer;
    private final Members members;
    private final GroupReader reader;
    private long checkedNs = System.nanoTime();

    /** Where the partitions ended when progress was asked for the last time. */
    private Map<TopicPartition, Long> endsBefore = Map.of();

    /** What a turn came to. */
    sealed interface Turn {
        /**
         * All that was read is in the index.
         *
         * @param written how many records changed it
         * @param full whether there was as much as one turn takes, so that there may be more at once
         */
        record Done(int written, boolean full) implements Turn {}

        /** Something did not answer; what was read will be read again. */
        record Failed(Exception cause) implements Turn {}

        /** The index or the topic is another one, or the log has lost what the index was made from. */
        record Over() implements Turn {}
    }

    /**
     * How far it is.
     *
     * @param done records behind it
     * @param total records in the log
     * @param caughtUp whether all partitions are its own, and it is past what they held when this was asked the last time.
     *     While somebody writes all the time, there may never be a moment at which nothing is left
     */
    record Progress(long done, long total, boolean caughtUp) {}

    Filling(
            SearchIndex index,
            Incarnation incarnation,
            Source source,
            IndexLoop.Ports ports,
            DeadLetterBox deadLetters,
            IndexMeters meters,
            BooleanSupplier stopping) {
        this.index = index;
        this.incarnation = incarnation;
        this.source = source;
        this.ports = ports;
        this.deadLetters = deadLetters;
        this.meters = meters;
        this.stopping = stopping;
        this.checkIntervalNs = ports.settings().indexCheck().toNanos();
        this.consumer = ports.clients().consumer(incarnation);
        this.reader = new GroupReader(consumer);
        this.members = new Members(consumer, reader::assigned, meters::forget);
        try {
            consumer.subscribe(List.of(index.topic()), members);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Ends a wait for records; from any thread. */
    void wakeup() {
        consumer.wakeup();
    }

    boolean isAssigned() {
        return !consumer.assignment().isEmpty();
    }

    /** Reads, writes, commits. */
    Turn turn(Duration wait) {
        PolledRecords batch = PolledRecords.NOTHING;
        try {
            if (System.nanoTime() - checkedNs >= checkIntervalNs && !isSame()) {
                return new Turn.Over();
            }
            ConsumerRecords<byte[], byte[]> records = reader.poll(wait);
            if (reader.isTruncated()) {
                discard();
                return new Turn.Over();
            }
            batch = PolledRecords.read(index, records);
            if (!batch.isEmpty() && !write(batch)) {
                return new Turn.Over();
            }
            reader.done(records);
            commit();
            return new Turn.Done(
                    batch.items().size(), batch.size() >= ports.settings().batchRecords());
        } catch (IOException | ElasticsearchException | RetriableException | ElasticsearchBusy e) {
            batch.starts().forEach((partition, start) -> {
                if (consumer.assignment().contains(partition)) {
                    consumer.seek(partition, start);
                }
            });
            return new Turn.Failed(e);
        }
    }

    /** Waits before the next attempt. Polling meanwhile keeps the membership in the group; nothing is read. */
    void rest(long waitMs) {
        members.rest();
        ConsumerLoop.rest(waitMs, reader::poll, stopping);
        members.goOn();
        // Whatever failed: before the next attempt it is made sure that index and topic are still the same ones.
        checkedNs = System.nanoTime() - checkIntervalNs;
    }

    /** Asks the brokers how far the log goes. */
    Progress progress() {
        List<TopicPartition> all = java.util.stream.IntStream.range(0, source.partitions())
                .mapToObj(partition -> new TopicPartition(source.topic(), partition))
                .toList();
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(all);
        boolean assigned = consumer.assignment().containsAll(all);
        boolean caughtUp = assigned;
        long done = 0;
        long total = 0;
        for (TopicPartition partition : all) {
            long first = beginnings.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            long at = assigned ? reader.position(partition) : first;
            total += end - first;
            done += Math.max(0, Math.min(at, end) - first);
            caughtUp &= at >= endsBefore.getOrDefault(partition, end);
        }
        endsBefore = ends;
        return new Progress(done, total, caughtUp);
    }

    private boolean isSame() throws IOException {
        boolean same = ports.keeper().isCurrent(incarnation)
                && ports.topics().find(index.topic()).equals(source);
        checkedNs = System.nanoTime();
        return same;
    }

    /**
     * Drops an index that was made from records which the log has lost, some of them over others that it still has. Whoever
     * looks for it makes it anew, from the log's start.
     */
    private void discard() throws IOException {
        meters.rebuilt();
        if (ports.keeper().isCurrent(incarnation)) {
            LOG.warn(
                    "index {}: {} is deleted, and filled again from the log's start",
                    index.name(),
                    incarnation.index());
            ports.keeper().delete(incarnation);
        }
    }

    /** Returns false if the index is gone. */
    private boolean write(PolledRecords batch) throws IOException, ElasticsearchBusy {
        meters.poisoned(deadLetters.put(batch.poisoned()));
        if (batch.items().isEmpty()) {
            meters.indexed(0, batch.ignored());
            return true;
        }
        // Elasticsearch makes an index for a delete that finds none, without alias.
        if (batch.hasDeletes() && !ports.keeper().isCurrent(incarnation)) {
            return false;
        }
        long startedNs = System.nanoTime();
        BulkOutcome outcome = ports.writer().write(index, incarnation, batch.changes());
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

    private void commit() {
        deadLetters.passed();
        consumer.assignment().forEach(partition -> consumer.currentLag(partition)
                .ifPresent(lag -> meters.lag(partition.partition(), lag)));
        try {
            reader.commit();
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // Somebody else has the partition and writes the same documents again, which does no harm.
            LOG.debug("index {}: offsets not committed", index.name(), e);
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }
}
