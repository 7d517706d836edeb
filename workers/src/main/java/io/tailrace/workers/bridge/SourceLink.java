package io.tailrace.workers.bridge;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgedMetric;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.time.MonotonicTime;
import io.tailrace.workers.bridge.BridgeLog.LogAway;
import io.tailrace.workers.bridge.sequence.Copied;
import io.tailrace.workers.bridge.sequence.InvalidSource;
import io.tailrace.workers.bridge.sequence.MessageSequence;
import io.tailrace.workers.bridge.sequence.SequenceCounts;
import io.tailrace.workers.bridge.sequence.SourceMessage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Copies one metric of a bridge until its thread is interrupted or its attempt is not the holder any more: calls the source, and calls it again
 * after a while when the call ends. Confined to one thread, but for {@link #state} and {@link #isHeldByAnother}.
 */
final class SourceLink implements Runnable {
    private static final int BATCH = 500;

    /** The most points of a history that the contract lets somebody ask for. */
    private static final int MAX_POINTS = 10_000;

    /** Somewhat fewer: the first and the last one are of parts of a range, and time goes on. */
    private static final int TOLD_WINDOWS = 9_900;

    private static final long LOOK_MS = 50;
    private static final long QUIET_MS = 1_000;

    private final Bridge bridge;
    private final BridgedMetric metric;
    private final Ports ports;
    private final Logger log;
    private final MessageSequence.Bounds bounds;
    private final Backoff backoff;

    private final MetricSteps steps;

    /** The source does not know the cursor any more. */
    private boolean withoutCursor;

    private volatile State state = State.CONNECTING;

    /** How a metric is. */
    enum State {
        CONNECTING,
        HISTORY,
        LIVE,
        FAILING;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What all metrics of a bridge share. */
    record Ports(
            ManagedChannel channel,
            SourceChannels channels,
            BridgeTable table,
            BridgeLog events,
            BridgeMeters meters,
            BridgeSettings settings,
            InstantSource clock) {}

    /** A metric that goes on behind a position. */
    SourceLink(
            Bridge bridge,
            BridgedMetric metric,
            BridgeTable.Claimed claimed,
            BridgeTable.Holder holder,
            Ports ports,
            Logger log) {
        this.bridge = bridge;
        this.metric = metric;
        this.steps = new MetricSteps(bridge, metric, claimed, holder, ports, log);
        this.ports = ports;
        this.log = log;
        BridgeSettings settings = ports.settings();
        this.bounds = new MessageSequence.Bounds(
                settings.reorderMessages(),
                settings.reorderWait().toMillis(),
                !bridge.resolution().equals(Bridge.RAW),
                settings.maxFuture());
        this.backoff = new Backoff(settings.retryFirst(), settings.retryLongest(), new Random());
    }

    /** How it is now. */
    State state() {
        return state;
    }

    /** Whether another attempt copies this bridge. */
    boolean isHeldByAnother() {
        return steps.isHeldByAnother();
    }

    @Override
    public void run() {
        try {
            while (!steps.isHeldByAnother()) {
                SourceFailure failure = attempt();
                if (!steps.isHeldByAnother()) {
                    failed(failure);
                    Thread.sleep(backoff.nextMs());
                    // Its own back-off would come on top of ours.
                    ports.channel().resetConnectBackoff();
                }
            }
        } catch (InterruptedException e) {
            steps.leave();
            Thread.currentThread().interrupt();
        }
    }

    /** One call; what nobody has foreseen ends it, and not this thread. */
    private SourceFailure attempt() throws InterruptedException {
        try {
            // What an attempt of before may not have written.
            steps.write();
            steps.forgetWritten();
            SourceFailure end = call();
            steps.forgetWritten();
            return end;
        } catch (MetricSteps.NotStored e) {
            log.error("bridge {}, {}: a step is not stored", bridge.name(), metric.remote(), e);
            return new SourceFailure("not_stored", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.error("bridge {}, {}: a fault", bridge.name(), metric.remote(), e);
            return new SourceFailure("internal", "A fault of the bridge, which is in the log of the worker");
        }
    }

    private void failed(SourceFailure failure) throws InterruptedException {
        state = State.FAILING;
        ports.meters().failed(bridge.name(), failure.type());
        log.warn("bridge {}, {}: {}; tried again", bridge.name(), metric.remote(), failure.message());
        steps.fail(failure);
    }

    private SourceFailure call() throws InterruptedException, MetricSteps.NotStored {
        MessageSequence sequence = new MessageSequence(steps.position(), bounds);
        UUID id = UUID.randomUUID();
        long begunMs = MonotonicTime.nowMs();
        Instant from = from();
        Metadata headers;
        try {
            headers = ports.channels().headers(bridge);
        } catch (LogAway e) {
            return new SourceFailure("log_unavailable", "The log cannot be reached");
        } catch (IOException | IllegalArgumentException e) {
            return new SourceFailure("no_token", "The file of the tokens cannot be read");
        }
        try (SourceCall call = SourceCall.begin(
                ports.channel(), headers, request(from), ports.settings().messagesAhead())) {
            SourceFailure end = null;
            while (end == null && !steps.isHeldByAnother()) {
                end = turn(call, sequence, id, from);
            }
            if (end == null) {
                return new SourceFailure("held_by_another", "Another worker copies this bridge");
            }
            // One that answers and fails at once is called ever more seldom, too.
            if (MonotonicTime.nowMs() - begunMs
                    >= ports.settings().retryLongest().toMillis()) {
                backoff.reset();
            }
            // Perhaps it is the cursor that is refused: of a source that has forgotten it.
            withoutCursor = !sequence.hasBegun() && !withoutCursor && end.type().equals("refused");
            return end;
        } catch (InvalidSource e) {
            return SourceFailure.of(e);
        }
    }

    /** Where the history begins if there is no cursor, or if the source does not know it any more: of windows it tells only so many. */
    private Instant from() {
        Instant wanted = wanted();
        if (bridge.resolution().equals(Bridge.RAW)) {
            return wanted;
        }
        Instant oldest =
                ports.clock().instant().minus(Bridge.length(bridge.resolution()).multipliedBy(TOLD_WINDOWS));
        return wanted.isBefore(oldest) ? oldest : wanted;
    }

    private Instant wanted() {
        Instant lastAt = steps.position().lastAt();
        return lastAt == null ? bridge.createdAt() : lastAt;
    }

    private WatchRequest request(Instant from) {
        WatchRequest.Builder request = WatchRequest.newBuilder()
                .setMetricId(metric.remote())
                .setResolution(bridge.resolution())
                .setCursor(withoutCursor ? "" : steps.position().cursor());
        if (!bridge.resolution().equals(Bridge.RAW)) {
            request.setMaxPoints(MAX_POINTS);
        }
        request.setFrom(SourceMessages.timestamp(from));
        if (bridge.intervalMs() > 0) {
            Duration interval = Duration.ofMillis(bridge.intervalMs());
            request.setInterval(com.google.protobuf.Duration.newBuilder()
                    .setSeconds(interval.toSeconds())
                    .setNanos(interval.getNano()));
        }
        return request.build();
    }

    /** Deals with what has arrived; returns why the call is over, or null if it is not. */
    private @Nullable SourceFailure turn(SourceCall call, MessageSequence sequence, UUID id, Instant from)
            throws InterruptedException, InvalidSource, MetricSteps.NotStored {
        SequenceCounts before = sequence.counts();
        List<Copied> copied = new ArrayList<>();
        SourceFailure end = null;
        InvalidSource invalid = null;
        boolean any = false;
        SourceCall.Arrival arrival = call.take(sequence.isWaiting() ? LOOK_MS : QUIET_MS);
        for (int i = 0; arrival != null && end == null && invalid == null; i++) {
            switch (arrival) {
                case SourceCall.End(var status) -> end = SourceFailure.of(status);
                case SourceCall.Message(var response) -> {
                    try {
                        SourceMessage message = SourceMessages.read(response);
                        if (message.event() instanceof SourceMessage.Started started) {
                            steps.create(started.unit());
                        }
                        copied.addAll(cut(message, from));
                        copied.addAll(sequence.accept(
                                message, MonotonicTime.nowMs(), ports.clock().instant()));
                        any = true;
                    } catch (InvalidSource e) {
                        invalid = e;
                    }
                }
            }
            arrival = i < BATCH && end == null ? call.take(0) : null;
        }
        if (end == null) {
            copied.addAll(sequence.elapse(MonotonicTime.nowMs(), ports.clock().instant()));
        }
        if (any || !copied.isEmpty()) {
            state = sequence.isCaughtUp() ? State.LIVE : State.HISTORY;
            steps.store(sequence, sequence.counts().minus(before), copied, id, state);
            steps.write();
        } else {
            steps.forgetWritten();
            if (end == null && invalid == null && state == State.FAILING) {
                // The call is open, and the source has not said anything yet.
                state = State.CONNECTING;
                steps.connecting();
            }
        }
        if (invalid != null) {
            throw invalid;
        }
        return end;
    }

    /** What of the history of windows is not asked for, because there are more of them than the source tells. */
    private List<Copied> cut(SourceMessage message, Instant from) {
        Instant wanted = wanted();
        boolean isCut =
                message.event() instanceof SourceMessage.Started started && !started.resumed() && wanted.isBefore(from);
        return !isCut
                ? List.of()
                : List.of(new Copied.Gap(
                        ((SourceMessage.Started) message.event()).epoch(),
                        0,
                        null,
                        null,
                        wanted,
                        from,
                        "A source tells at most " + MAX_POINTS + " windows of its history"));
    }
}
