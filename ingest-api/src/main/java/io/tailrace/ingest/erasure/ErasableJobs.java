package io.tailrace.ingest.erasure;

import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.job.OwnJobs;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;

/**
 * What jobs say of a person. Those that would still do something for them are cancelled, and of all what was said is taken out of the copies.
 * The dispatcher forgets these, and finished ones: decision 0077. The log keeps them for its retention: decision 0040. Thread-safe; blocks as long as it takes to read.
 */
@Singleton
final class ErasableJobs {
    /** Jobs that are looked at in one statement. */
    private static final int RANGE = 2_000;

    /** Commands that wait for the brokers at a time. */
    private static final int WAVE = 200;

    private static final UUID FIRST = new UUID(0, 0);
    private static final UUID LAST = new UUID(-1, -1);

    private final WholeTopic topics;
    private final ErasableJobRows rows;
    private final Database database;
    private final OwnJobs jobs;
    private final EventLog log;

    ErasableJobs(KafkaSettings kafka, ErasableJobRows rows, Database database, OwnJobs jobs, EventLog log) {
        this.topics = new WholeTopic(kafka);
        this.rows = rows;
        this.database = database;
        this.jobs = jobs;
        this.log = log;
    }

    /**
     * Takes a person out of what is copied by now.
     *
     * @return how many jobs named them
     * @throws IllegalStateException if the log did not take all commands
     */
    int forget(UUID person) {
        PersonTexts texts = new PersonTexts(person);
        topics.read(List.of(new TopicPartition(Topics.USERS, FactKeys.partition(person.toString()))), record -> {
            byte[] value = record.value();
            if (value != null && new String(record.key(), StandardCharsets.UTF_8).equals(person.toString())) {
                texts.learn(value);
            }
        });
        String addresses = String.join("\n", texts.addressesInJson());
        String all = person + "\n" + addresses;
        int named = 0;
        UUID after = FIRST;
        for (boolean more = true; more; ) {
            UUID from = after;
            List<NamedJob> end = database.call(() -> rows.end(from, RANGE));
            UUID to = end.isEmpty() ? LAST : end.getFirst().id();
            named += forget(from, to, all, addresses);
            more = !end.isEmpty();
            after = to;
        }
        return named;
    }

    private int forget(UUID after, UUID to, String texts, String addresses) {
        List<NamedJob> found = database.call(() -> rows.named(after, to, texts, addresses));
        List<OutgoingEvent> commands = new ArrayList<>();
        for (NamedJob job : found) {
            if (job.waits()) {
                commands.add(jobs.cancellation(job.id(), job.queue()));
            }
            if (job.waits() || job.finished()) {
                commands.add(jobs.erasure(job.id(), job.queue()));
            }
        }
        // Before the payload goes from the copy, which is where they are found.
        append(commands);
        for (NamedJob job : found) {
            var unused = database.call(() -> rows.blank(job.id(), texts));
        }
        var unusedLines = database.call(() -> rows.deleteLines(after, to, texts));
        return found.size();
    }

    private void append(List<OutgoingEvent> entries) {
        for (int from = 0; from < entries.size(); from += WAVE) {
            for (AppendOutcome outcome : log.append(entries.subList(from, Math.min(from + WAVE, entries.size())))) {
                if (!(outcome instanceof AppendOutcome.Appended)) {
                    throw new IllegalStateException("the log did not take a command: " + outcome);
                }
            }
        }
    }
}
