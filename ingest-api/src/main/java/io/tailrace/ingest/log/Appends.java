package io.tailrace.ingest.log;

import io.tailrace.ingest.log.AppendOutcome.Appended;
import io.tailrace.ingest.log.AppendOutcome.NotSent;
import io.tailrace.ingest.log.AppendOutcome.Unknown;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Appends the events of a request that may have been attempted before: what is in the log already is found and not
 * appended again. Thread-safe; blocks.
 */
@Singleton
public final class Appends {
    private final EventLog log;
    private final EarlierAppends earlierAppends;

    /** Appends to {@code log}, looking back with {@code earlierAppends}. */
    public Appends(EventLog log, EarlierAppends earlierAppends) {
        this.log = log;
        this.earlierAppends = earlierAppends;
    }

    /**
     * Appends events of one partition, in order.
     *
     * @param earlier when an earlier attempt ran that may have appended some of them; null if there was none
     * @return what became of each, in the order of {@code entries}
     * @throws io.tailrace.kit.problem.ProblemException as {@link EventLog#append}, and 503 if it could not be found out
     *     what an earlier attempt did
     */
    public List<AppendOutcome> append(List<OutgoingEvent> entries, @Nullable Earlier earlier) {
        if (earlier == null) {
            return log.append(entries);
        }
        Map<String, Appended> found = earlierAppends.find(entries, earlier);
        List<OutgoingEvent> missing = entries.stream()
                .filter(entry -> !found.containsKey(entry.event().id()))
                .toList();
        List<AppendOutcome> appended = missing.isEmpty() ? List.of() : log.append(missing);
        List<AppendOutcome> outcomes = new ArrayList<>(entries.size());
        int next = 0;
        for (OutgoingEvent entry : entries) {
            Appended before = found.get(entry.event().id());
            outcomes.add(before == null ? appended.get(next++) : before);
        }
        return outcomes;
    }

    /**
     * The same for one event.
     *
     * @throws io.tailrace.kit.problem.ProblemException also 503 if it was not acknowledged
     */
    public Appended appendOne(OutgoingEvent entry, @Nullable Earlier earlier) {
        return switch (append(List.of(entry), earlier).getFirst()) {
            case Appended appended -> appended;
            case Unknown _, NotSent _ -> throw EventLog.unavailable();
        };
    }
}
