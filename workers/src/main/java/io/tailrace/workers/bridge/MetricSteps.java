package io.tailrace.workers.bridge;

import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgedMetric;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.json.Json;
import io.tailrace.workers.bridge.BridgeLog.LogAway;
import io.tailrace.workers.bridge.sequence.Copied;
import io.tailrace.workers.bridge.sequence.MessageSequence;
import io.tailrace.workers.bridge.sequence.SequenceCounts;
import io.tailrace.workers.bridge.sequence.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * How far one metric of a bridge has been copied. Each step is stored together with the position behind it, and then written into the log. So
 * only what the holder has stored is ever written, whoever goes on there writes the last of it again under the same ids, and a source may give
 * what was not stored other numbers when it is called again. Confined to one thread, but for {@link #isHeldByAnother}; blocks.
 */
final class MetricSteps {
    /**
     * The SQLSTATE classes of a server that cannot be reached or does not work at present: connection, invalid transaction state (a server that
     * only reads), rollback, insufficient resources, an object that is locked, operator intervention, the server's system.
     */
    private static final Set<String> OUTAGES = Set.of("08", "25", "40", "53", "55", "57", "58");

    private final Bridge bridge;
    private final BridgedMetric metric;
    private final BridgeTable.Holder holder;
    private final SourceLink.Ports ports;
    private final Logger log;

    /** What was stored last. */
    private PendingEvents pending;

    /** Whether that is in the log, and nothing else may be stored. */
    private boolean isWritten;

    private SourcePosition position;
    private boolean created;
    private volatile boolean heldByAnother;

    /** PostgreSQL refuses what is to be stored, and would refuse it again. */
    static final class NotStored extends Exception {
        private static final long serialVersionUID = 1L;

        NotStored(SQLException cause) {
            super("PostgreSQL refuses what is to be stored, with SQLSTATE " + cause.getSQLState(), cause);
        }
    }

    /** Steps behind a position. */
    MetricSteps(
            Bridge bridge,
            BridgedMetric metric,
            BridgeTable.Claimed claimed,
            BridgeTable.Holder holder,
            SourceLink.Ports ports,
            Logger log) {
        this.bridge = bridge;
        this.metric = metric;
        this.position = claimed.position();
        this.pending = PendingEvents.read(claimed.pending());
        this.holder = holder;
        this.ports = ports;
        this.log = log;
    }

    /** How far it is. */
    SourcePosition position() {
        return position;
    }

    /** Whether another attempt copies this bridge. */
    boolean isHeldByAnother() {
        return heldByAnother;
    }

    /** Lets there be the metric that is copied to. */
    void create(@Nullable String unit) throws InterruptedException, NotStored {
        if (created) {
            return;
        }
        until("the metric is made", () -> {
            if (!ports.table().isMetric(bridge.metricId(metric))) {
                ports.events().create(bridge, metric, unit);
            }
            return true;
        });
        created = true;
    }

    /**
     * Stores a step, and does not write it yet.
     *
     * @param counts what was done since the last step
     * @param call which call to the source it is of
     * @param state how the metric is now
     */
    void store(MessageSequence sequence, SequenceCounts counts, List<Copied> copied, UUID call, SourceLink.State state)
            throws InterruptedException, NotStored {
        UUID id = bridge.metricId(metric);
        List<PendingEvents.Entry> entries = new ArrayList<>(copied.size());
        for (Copied each : copied) {
            entries.add(PendingEvents.Entry.of(eventId(each, call, entries.size()), id, each));
        }
        PendingEvents step = new PendingEvents(entries);
        String lastGap = copied.stream()
                .filter(Copied.Gap.class::isInstance)
                .map(Copied.Gap.class::cast)
                .reduce((_, later) -> later)
                .map(gap -> new String(Json.write(BridgeLog.told(bridge.name(), id, gap)), StandardCharsets.UTF_8))
                .orElse(null);
        BridgeTable.Step stored =
                new BridgeTable.Step(sequence.position(), step.json(), state.label(), counts, lastGap);
        // Before it is known whether it is stored: when the thread is interrupted now, nobody may forget the step,
        // which may be.
        isWritten = false;
        stored(() -> ports.table().move(bridge.name(), metric.remote(), holder, stored));
        pending = step;
        position = sequence.position();
        ports.meters().count(bridge.name(), counts);
    }

    private UUID eventId(Copied copied, UUID call, int place) {
        return switch (copied) {
            case Copied.Reading(var epoch, var sequence, var _, var _) ->
                bridge.eventId("reading", metric, call, epoch, sequence);
            case Copied.Gap gap -> bridge.eventId("gap " + place, metric, call, gap.epoch(), gap.behind());
        };
    }

    /** Writes what is pending, if this is the holder. */
    void write() throws InterruptedException, NotStored {
        PendingEvents events = pending;
        if (!heldByAnother && !isWritten && !events.hasNothing()) {
            until("readings are written", () -> {
                ports.events().write(bridge.name(), events);
                return true;
            });
            isWritten = true;
        }
    }

    /** What is known to be in the log need not be written by whoever goes on, perhaps days later. */
    void forgetWritten() throws InterruptedException, NotStored {
        if (isWritten && !heldByAnother) {
            stored(() -> ports.table().written(bridge.name(), metric.remote(), holder));
            pending = PendingEvents.NONE;
            isWritten = false;
        }
    }

    /** The same when the attempt is over, without waiting for a server that is away: then the last step is written again. */
    void leave() {
        if (isWritten && !heldByAnother) {
            try {
                boolean unused = ports.table().written(bridge.name(), metric.remote(), holder);
            } catch (SQLException e) {
                log.warn(
                        "bridge {}, {}: the last step is written again: {}",
                        bridge.name(),
                        metric.remote(),
                        e.toString());
            }
        }
    }

    /** Says that the call of before has ended, and why. */
    void fail(SourceFailure failure) throws InterruptedException {
        say(() -> ports.table().fail(bridge.name(), metric.remote(), holder, failure));
    }

    /** Says that the source has accepted a call and not answered yet. */
    void connecting() throws InterruptedException {
        say(() -> ports.table().connecting(bridge.name(), metric.remote(), holder));
    }

    /** Of what is only for people. */
    private void say(Attempt attempt) throws InterruptedException {
        try {
            stored(attempt);
        } catch (NotStored e) {
            log.error("bridge {}, {}: its state is not stored", bridge.name(), metric.remote(), e);
        }
    }

    /** Stores something, which fails if another attempt is the holder. */
    private void stored(Attempt attempt) throws InterruptedException, NotStored {
        if (!until("the position is stored", attempt)) {
            heldByAnother = true;
        }
    }

    /** Something that needs the log or PostgreSQL. */
    @FunctionalInterface
    private interface Attempt {
        boolean make() throws LogAway, SQLException, InterruptedException;
    }

    /** Tries indefinitely while the log or PostgreSQL is unavailable; the source is held up meanwhile. */
    private boolean until(String what, Attempt attempt) throws InterruptedException, NotStored {
        BridgeSettings settings = ports.settings();
        Backoff waits = new Backoff(settings.retryFirst(), settings.retryLongest(), new Random());
        while (true) {
            String fault;
            try {
                return attempt.make();
            } catch (LogAway e) {
                fault = String.valueOf(e.getMessage());
            } catch (SQLException e) {
                if (!isOutage(e)) {
                    throw new NotStored(e);
                }
                fault = e.toString();
            }
            log.warn("bridge {}, {}: waits until {}: {}", bridge.name(), metric.remote(), what, fault);
            Thread.sleep(waits.nextMs());
        }
    }

    /** A fault without a state is one of the pool: the connection broke between two uses. */
    static boolean isOutage(SQLException fault) {
        String state = fault.getSQLState();
        return fault instanceof SQLTransientException
                || state == null
                || OUTAGES.contains(state.substring(0, Math.min(2, state.length())));
    }
}
