package io.tailrace.ingest.erasure;

import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What people are told by who are being erased. The brokers may compact a registration away as soon as there is a tombstone, and what it says is looked for
 * until the erasure is done, by any process; so the erasure's row has it until then. Thread-safe; blocks as long as it takes to read a
 * partition.
 */
@Singleton
final class Registrations {
    private final WholeTopic topics;
    private final ErasureRows rows;
    private final Database database;

    Registrations(KafkaSettings kafka, ErasureRows rows, Database database) {
        this.topics = new WholeTopic(kafka);
        this.rows = rows;
        this.database = database;
    }

    /**
     * What a person is told by, as far as their erasure or the log knows; their erasure knows all of it afterwards.
     *
     * @throws IllegalStateException if the row has something else than what {@link PersonTexts#inJson} wrote
     */
    PersonTexts of(UUID person) {
        PersonTexts texts = new PersonTexts(person);
        Optional<String> known = database.call(() -> rows.texts(person));
        known.ifPresent(texts::recall);
        topics.read(List.of(new TopicPartition(Topics.USERS, FactKeys.partition(person.toString()))), record -> {
            byte @Nullable [] value = record.value();
            if (value != null && new String(record.key(), StandardCharsets.UTF_8).equals(person.toString())) {
                texts.learn(value);
            }
        });
        String now = texts.inJson();
        if (!now.equals(known.orElse(""))) {
            var unused = database.call(() -> rows.remember(person, now));
        }
        return texts;
    }
}
