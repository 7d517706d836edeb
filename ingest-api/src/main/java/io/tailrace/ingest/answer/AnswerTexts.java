package io.tailrace.ingest.answer;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.time.MonotonicTime;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what there is of an answer from the log, from when it began. It reads the partition of the channel with what other answers say at that time, so
 * it is bounded by a time, and by how many read at once. Thread-safe; blocks.
 */
@Singleton
final class AnswerTexts {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerTexts.class);
    private static final String CLIENT = "ingest-api-answers";
    private static final int MOST_AT_ONCE = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(200);

    /** By so much the clock of a worker may be behind that of the dispatcher. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final KafkaSettings kafka;
    private final Namespaces namespaces;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    AnswerTexts(KafkaSettings kafka, Namespaces namespaces) {
        this.kafka = kafka;
        this.namespaces = namespaces;
    }

    /**
     * The text so far.
     *
     * @param since when the answer was asked for
     * @param isWhole whether the answer is whole, so that a text without its end is not the text
     * @return empty if it could not be read in time, or is not there any more
     */
    Optional<String> read(Channel channel, Instant since, boolean isWhole) {
        Namespace namespace = namespaces.of(channel).orElse(null);
        if (namespace == null || !places.tryAcquire()) {
            return Optional.empty();
        }
        try {
            return read(
                    new TopicPartition(namespace.topic(), channel.partition(namespace.partitions())),
                    channel.name().getBytes(StandardCharsets.UTF_8),
                    since.minus(SKEW),
                    isWhole);
        } catch (KafkaException e) {
            LOG.warn("the text of {} cannot be read: {}", channel, e.toString());
            return Optional.empty();
        } finally {
            places.release();
        }
    }

    private Optional<String> read(TopicPartition place, byte[] key, Instant since, boolean isWhole) {
        AnswerFold fold = new AnswerFold();
        long endMs = MonotonicTime.nowMs() + PATIENCE.toMillis();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.reader(CLIENT))) {
            consumer.assign(List.of(place));
            long end = consumer.endOffsets(List.of(place), PATIENCE).getOrDefault(place, 0L);
            OffsetAndTimestamp begin = consumer.offsetsForTimes(Map.of(place, since.toEpochMilli()), PATIENCE)
                    .get(place);
            consumer.seek(place, begin == null ? end : begin.offset());
            while (consumer.position(place, PATIENCE) < end) {
                if (MonotonicTime.nowMs() > endMs) {
                    return Optional.empty();
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (Arrays.equals(record.key(), key)) {
                        take(record, fold);
                    }
                }
            }
        }
        return isWhole && !fold.hasEnded() ? Optional.empty() : Optional.of(fold.text());
    }

    private static void take(ConsumerRecord<byte[], byte[]> record, AnswerFold fold) {
        if (EventRecords.read(record) instanceof EventReading.Readable(var event)) {
            try {
                fold.take(event.type(), Json.mapper().readTree(event.data()));
            } catch (IOException e) {
                LOG.warn("an event of an answer at {} is not JSON", record.offset());
            }
        }
    }
}
