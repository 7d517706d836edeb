package io.tailrace.ingest.erasure;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person's facts in the log. They are found by reading the topics, because no copy knows all of them: somebody whom one has
 * ceased to follow is in none. Thread-safe; blocks as long as it takes to read, and needs the memory of one person's keys.
 */
@Singleton
public final class ErasableFacts {
    /** Tombstones that wait for the brokers at a time. */
    private static final int WAVE = 200;

    /** Of the tombstones of the facts that a person has many of. */
    private static final Map<String, String> TYPES = Map.of(
            Topics.POSTS, EventTypes.POST_DELETED,
            Topics.DASHBOARDS, EventTypes.DASHBOARD_DELETED,
            Topics.UPLOADS, EventTypes.UPLOAD_DELETED,
            Topics.FOLLOWS, EventTypes.USER_UNFOLLOWED,
            Topics.API_KEYS, EventTypes.API_KEY_REVOKED);

    private final WholeTopic topics;
    private final ErasableLetters letters;
    private final Registrations registrations;
    private final EventLog log;

    ErasableFacts(KafkaSettings kafka, Registrations registrations, EventLog log) {
        this.topics = new WholeTopic(kafka);
        this.letters = new ErasableLetters(kafka);
        this.registrations = registrations;
        this.log = log;
    }

    /**
     * Appends a tombstone for each fact of a person and each dead letter that names them, and takes them out of what others
     * have searched for. A call that is not {@code again} leaves who follows the person: these are told that the posts are deleted,
     * and the followers of somebody who has very many are told in turns.
     *
     * @param again whether for those that have one, too: the record makes the brokers begin a new segment, without which the
     *     old one is never compacted. Only when whoever delivers posts has read the first, which compaction takes from now on
     * @return how many there were without
     * @throws IllegalStateException if the log did not take all of them
     */
    public int forget(UUID person, boolean again) {
        // Before the tombstone, behind which compaction may take the registration.
        PersonTexts texts = registrations.of(person);
        // Then the person, and each time: services learn from it that tokens are void, and end streams that were
        // opened before they knew. What they accept until then is found by the next call.
        append(List.of(OutgoingEvent.tombstone(Topics.USERS, person.toString(), event(EventTypes.USER_ERASED))));
        int forgotten = 0;
        for (String topic : List.of(Topics.POSTS, Topics.DASHBOARDS, Topics.UPLOADS, Topics.FOLLOWS, Topics.API_KEYS)) {
            List<OutgoingEvent> tombstones = new ArrayList<>();
            for (Map.Entry<String, Boolean> fact :
                    facts(topic, person.toString()).entrySet()) {
                boolean present = fact.getValue();
                if (again || present && !isFollower(topic, fact.getKey(), person)) {
                    String type = present ? TYPES.getOrDefault(topic, "") : EventTypes.FACT_FORGOTTEN;
                    tombstones.add(OutgoingEvent.tombstone(topic, fact.getKey(), event(type)));
                    forgotten += present ? 1 : 0;
                }
            }
            appendAll(tombstones);
        }
        List<OutgoingEvent> entries = letters.forgetting(texts, event(EventTypes.FACT_FORGOTTEN));
        appendAll(entries);
        forgotten += entries.size();
        if (again) {
            appendAll(ErasableLetters.rolling(event(EventTypes.FACT_FORGOTTEN)));
        }
        return forgotten;
    }

    /** Whether a fact is that somebody follows the person. */
    private static boolean isFollower(String topic, String key, UUID person) {
        return topic.equals(Topics.FOLLOWS) && FactKeys.owner(key).equals(person.toString());
    }

    /** Whether there is a value under each key that names the person, by what its last record says. */
    private Map<String, Boolean> facts(String topic, String person) {
        Map<String, Boolean> facts = new LinkedHashMap<>();
        topics.read(topic, Topics.FACT_PARTITIONS, record -> {
            byte @Nullable [] key = record.key();
            String text = key == null ? "" : new String(key, StandardCharsets.UTF_8);
            if (FactKeys.owner(text).equals(person) || FactKeys.fact(text).equals(person)) {
                byte @Nullable [] value = record.value();
                facts.put(text, value != null);
            }
        });
        return facts;
    }

    private void appendAll(List<OutgoingEvent> entries) {
        for (int from = 0; from < entries.size(); from += WAVE) {
            append(entries.subList(from, Math.min(from + WAVE, entries.size())));
        }
    }

    private void append(List<OutgoingEvent> tombstones) {
        for (AppendOutcome outcome : log.append(tombstones)) {
            if (!(outcome instanceof AppendOutcome.Appended)) {
                throw new IllegalStateException("the log did not take a tombstone: " + outcome);
            }
        }
    }

    private static Event event(String type) {
        byte[] none = "{}".getBytes(StandardCharsets.UTF_8);
        return new Event(UUID.randomUUID().toString(), type, EventSource.INGEST_API, Instant.now(), null, none);
    }
}
