package io.tailrace.ingest.outbox;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.ingest.rekey.PostKeys;
import io.tailrace.kit.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One walk through all stored events, in batches. An event is sent when all events of its key before it have been
 * acknowledged; events of different keys are sent together. For one thread.
 *
 * <p>An event that can never be sent as it is stored (larger than a record may be, say) holds back the later ones of its
 * key and nobody else's; it stays where it is, and an operator sees it in the log and in a metric.
 */
final class OutboxPass {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxPass.class);

    private final OutboxConnection outbox;
    private final EventLog log;
    private final int batchSize;
    private final DoubleConsumer relayed;

    OutboxPass(OutboxConnection outbox, EventLog log, int batchSize, DoubleConsumer relayed) {
        this.outbox = outbox;
        this.log = log;
        this.batchSize = batchSize;
        this.relayed = relayed;
    }

    /** How a walk ended. */
    sealed interface Result {
        /** At the end. */
        record Done(int blocked) implements Result {}

        /** Before the end, because the log does not take events. */
        record LogAway() implements Result {}
    }

    /** Walks until the end, the log is away, or {@code stopped}. */
    Result run(BooleanSupplier stopped) throws SQLException {
        Set<Lane> blockedLanes = new HashSet<>();
        int blocked = 0;
        long last = 0;
        while (!stopped.getAsBoolean()) {
            List<OutboxConnection.Row> rows = outbox.after(last, batchSize);
            if (rows.isEmpty()) {
                break;
            }
            last = rows.getLast().id();
            List<OutboxConnection.Row> sendable = new ArrayList<>();
            for (OutboxConnection.Row row : rows) {
                String fault =
                        blockedLanes.contains(Lane.of(row)) ? "blocked by an earlier one" : log.fault(entry(row));
                if (fault == null) {
                    sendable.add(row);
                } else {
                    blockedLanes.add(Lane.of(row));
                    blocked++;
                    LOG.error(
                            "Outbox row {} (event {}) cannot be sent: {}",
                            row.id(),
                            row.event().eventId(),
                            fault);
                }
            }
            for (List<OutboxConnection.Row> wave : waves(sendable)) {
                if (!send(wave)) {
                    return new Result.LogAway();
                }
            }
        }
        return new Result.Done(blocked);
    }

    /** The rows in as few groups as possible, so that no group has two of one key and the order of each key is kept. */
    static List<List<OutboxConnection.Row>> waves(List<OutboxConnection.Row> rows) {
        List<List<OutboxConnection.Row>> waves = new ArrayList<>();
        List<Set<Lane>> lanes = new ArrayList<>();
        for (OutboxConnection.Row row : rows) {
            Lane lane = Lane.of(row);
            int wave = waves.size();
            while (wave > 0 && !lanes.get(wave - 1).contains(lane)) {
                wave--;
            }
            if (wave == waves.size()) {
                waves.add(new ArrayList<>());
                lanes.add(new HashSet<>());
            }
            waves.get(wave).add(row);
            lanes.get(wave).add(lane);
        }
        return waves;
    }

    private boolean send(List<OutboxConnection.Row> wave) throws SQLException {
        List<AppendOutcome> outcomes;
        try {
            outcomes = log.append(wave.stream().map(OutboxPass::entry).toList());
        } catch (ProblemException e) {
            LOG.warn("The outbox waits: {}", e.getMessage());
            return false;
        }
        List<Long> acknowledged = new ArrayList<>();
        for (int i = 0; i < wave.size(); i++) {
            if (outcomes.get(i) instanceof AppendOutcome.Appended) {
                acknowledged.add(wave.get(i).id());
            }
        }
        if (!acknowledged.isEmpty()) {
            outbox.delete(acknowledged);
            relayed.accept(acknowledged.size());
        }
        return acknowledged.size() == wave.size();
    }

    private static OutgoingEvent entry(OutboxConnection.Row row) {
        OutboxEvent stored = row.event();
        byte[] data = stored.data().getBytes(StandardCharsets.UTF_8);
        // It may have been stored before posts had keys of their own, or by demo data from then.
        String key = PostKeys.current(stored.topic(), stored.recordKey(), data);
        Event event = new Event(
                stored.eventId().toString(), stored.type(), stored.source(), stored.time(), stored.subject(), data);
        Integer partition = stored.partition();
        return partition == null && FactKeys.namesFact(key)
                ? OutgoingEvent.fact(stored.topic(), key, event)
                : new OutgoingEvent(stored.topic(), partition, key, event);
    }

    /** What is kept in order. */
    private record Lane(String topic, String key) {
        static Lane of(OutboxConnection.Row row) {
            return new Lane(row.event().topic(), row.event().recordKey());
        }
    }
}
