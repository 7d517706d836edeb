package io.tailrace.ingest.erasure;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.IndexSearched;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What names a person in topics whose records are not the person's own: dead letters, and audit records of searches in which somebody
 * asked for them. A letter is erased; of a search it stays who searched, when and in which index, because the trail is about
 * those who search, and what was asked for is taken out. Thread-safe; blocks as long as it takes to read; its memory is that of
 * the records that name one person.
 */
final class ErasableLetters {
    /** In the place of a question. */
    private static final String ERASED = "{\"erased\":true}";

    /** Of records that nobody reads, behind which the brokers begin a new segment; one for each partition. */
    private static final String ROLLING_KEY = "erasures/segment";

    private final WholeTopic topics;

    ErasableLetters(KafkaSettings kafka) {
        this.topics = new WholeTopic(kafka);
    }

    /**
     * What is to be appended so that nothing names the person.
     *
     * @param texts what they are told by
     * @param type of the tombstones, an event without a payload
     */
    List<OutgoingEvent> forgetting(PersonTexts texts, Event type) {
        // Of each key the last record counts; what names nobody any more has been done before.
        Map<String, OutgoingEvent> entries = new LinkedHashMap<>();
        topics.read(Topics.DEAD_LETTERS, 1, record -> {
            String key = text(record.key());
            entries.remove(key);
            if (record.value() != null && texts.areIn(record)) {
                entries.put(key, new OutgoingEvent(record.topic(), record.partition(), key, type, true));
            }
        });
        List<OutgoingEvent> all = new ArrayList<>(entries.values());
        entries.clear();
        topics.read(Topics.AUDIT, Topics.FACT_PARTITIONS, record -> {
            entries.remove(text(record.key()));
            @Nullable OutgoingEvent entry = withoutQuestion(record, texts, type);
            if (entry != null) {
                entries.put(entry.key(), entry);
            }
        });
        all.addAll(entries.values());
        return all;
    }

    /**
     * One record for each partition, by which the brokers close the segments with what is forgotten; they compact no segment that
     * they still write to.
     */
    static List<OutgoingEvent> rolling(Event type) {
        List<OutgoingEvent> entries = new ArrayList<>();
        entries.add(new OutgoingEvent(Topics.DEAD_LETTERS, 0, ROLLING_KEY, type, true));
        for (int partition = 0; partition < Topics.FACT_PARTITIONS; partition++) {
            entries.add(new OutgoingEvent(Topics.AUDIT, partition, ROLLING_KEY, type, true));
        }
        return entries;
    }

    private static @Nullable OutgoingEvent withoutQuestion(
            ConsumerRecord<byte[], byte[]> record, PersonTexts texts, Event type) {
        if (!(EventRecords.read(record) instanceof EventReading.Readable(Event event))) {
            return null;
        }
        String key = text(record.key());
        try {
            IndexSearched search = Json.mapper().readValue(event.data(), IndexSearched.class);
            // Of another version the field may not be there.
            @Nullable String asked = search.asked();
            if (asked == null ? !texts.areIn(record) : !texts.areAskedFor(asked)) {
                return null;
            }
            IndexSearched kept = new IndexSearched(
                    search.actor(),
                    search.roles(),
                    search.index(),
                    ERASED,
                    search.limit(),
                    search.laterPage(),
                    search.at());
            Event redacted = new Event(
                    event.id(), event.type(), event.source(), event.time(), event.subject(), Json.write(kept));
            return new OutgoingEvent(record.topic(), record.partition(), key, redacted);
        } catch (IOException e) {
            // In a form that this version does not know, so it cannot be told what of it may stay.
            return texts.areIn(record) ? new OutgoingEvent(record.topic(), record.partition(), key, type, true) : null;
        }
    }

    private static String text(byte @Nullable [] utf8) {
        return utf8 == null ? "" : new String(utf8, StandardCharsets.UTF_8);
    }
}
