package io.tailrace.kit.consume;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls for readers that cannot undo what they have made of a record. When records that were read are lost, in an unclean
 * election for one, others are written at their offsets. Such a reader goes on where the log was cut, so that it misses nothing
 * that was written instead. A new consumer at the old offset would miss it, and one with a reset policy would not say a word.
 */
public final class ContinuingPoll {
    private static final Logger LOG = LoggerFactory.getLogger(ContinuingPoll.class);

    private ContinuingPoll() {}

    /**
     * Polls. When the log was truncated it brings nothing, and the consumer is placed where it was cut.
     *
     * @param consumer one without a reset policy
     * @throws LogTruncationException if it is not known where the log was cut
     */
    public static <K, V> ConsumerRecords<K, V> poll(Consumer<K, V> consumer, Duration wait) {
        return poll(consumer, wait, () -> {});
    }

    /**
     * The same for somebody who counts.
     *
     * @param onTruncation called for each partition that was cut
     */
    public static <K, V> ConsumerRecords<K, V> poll(Consumer<K, V> consumer, Duration wait, Runnable onTruncation) {
        try {
            return consumer.poll(wait);
        } catch (LogTruncationException e) {
            goOnAtTheCut(consumer, e, onTruncation);
            return ConsumerRecords.empty();
        }
    }

    /**
     * The position of a partition. A consumer can find out here, too, that the log was truncated; then it is placed where that was
     * cut, as by {@link #poll}.
     *
     * @throws LogTruncationException if it is not known where the log was cut
     */
    public static long position(Consumer<?, ?> consumer, TopicPartition partition) {
        try {
            return consumer.position(partition);
        } catch (LogTruncationException e) {
            goOnAtTheCut(consumer, e, () -> {});
            return consumer.position(partition);
        }
    }

    private static void goOnAtTheCut(Consumer<?, ?> consumer, LogTruncationException e, Runnable onTruncation) {
        boolean isPlaced = true;
        for (Map.Entry<TopicPartition, Long> read :
                e.offsetOutOfRangePartitions().entrySet()) {
            OffsetAndMetadata cut = e.divergentOffsets().get(read.getKey());
            LOG.warn(
                    "{} has lost records before offset {}, which were read; it was cut at {}",
                    read.getKey(),
                    read.getValue(),
                    cut == null ? "an unknown offset" : cut.offset());
            onTruncation.run();
            if (cut == null) {
                isPlaced = false;
            } else {
                consumer.seek(read.getKey(), cut);
            }
        }
        if (!isPlaced) {
            throw e;
        }
    }
}
