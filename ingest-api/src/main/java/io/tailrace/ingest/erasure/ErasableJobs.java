package io.tailrace.ingest.erasure;

import io.tailrace.ingest.job.OwnJobs;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.ingest.sql.Database;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What jobs say of a person. Those that would still do something for them are cancelled, and of all what was said is taken out of the copies.
 * The dispatcher forgets these, and finished ones: decision 0077. The log keeps them for its retention, and the erasure waits for that: decision 0089. Thread-safe; blocks as long as it takes to read.
 */
@Singleton
final class ErasableJobs {
    /** Jobs that are looked at in one statement. */
    private static final int RANGE = 2_000;

    /** Commands that wait for the brokers at a time. */
    private static final int WAVE = 200;

    private static final UUID FIRST = new UUID(0, 0);
    private static final UUID LAST = new UUID(-1, -1);

    private final Registrations registrations;
    private final ErasableJobRows rows;
    private final Database database;
    private final OwnJobs jobs;
    private final EventLog log;

    ErasableJobs(Registrations registrations, ErasableJobRows rows, Database database, OwnJobs jobs, EventLog log) {
        this.registrations = registrations;
        this.rows = rows;
        this.database = database;
        this.jobs = jobs;
        this.log = log;
    }

    /**
     * Takes a person out of what is copied by now.
     *
     * @return how many jobs the dispatcher was asked to forget, those among them that it cancels first. One that goes on and only mentions the person's id is not
     *     counted: it may be found again with each thing that it does
     * @throws IllegalStateException if the log did not take all commands
     */
    int forget(UUID person) {
        PersonTexts texts = registrations.of(person);
        String addresses = String.join("\n", texts.addressesInJson());
        String all = person + "\n" + addresses;
        int asked = 0;
        UUID after = FIRST;
        for (boolean more = true; more; ) {
            UUID from = after;
            List<NamedJob> end = database.call(() -> rows.end(from, RANGE));
            UUID to = end.isEmpty() ? LAST : end.getFirst().id();
            asked += forget(from, to, all, addresses);
            more = !end.isEmpty();
            after = to;
        }
        return asked;
    }

    private int forget(UUID after, UUID to, String texts, String addresses) {
        List<NamedJob> found = database.call(() -> rows.named(after, to, texts, addresses));
        List<OutgoingEvent> commands = new ArrayList<>();
        int asked = 0;
        for (NamedJob job : found) {
            if (job.waits()) {
                commands.add(jobs.cancellation(job.id(), job.queue()));
            }
            if (job.waits() || job.finished()) {
                commands.add(jobs.erasure(job.id(), job.queue()));
                asked++;
            }
        }
        // Before the payload goes from the copy, which is where they are found.
        append(commands);
        for (NamedJob job : found) {
            var unused = database.call(() -> rows.blank(job.id(), texts));
        }
        var unusedLines = database.call(() -> rows.deleteLines(after, to, texts));
        return asked;
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
