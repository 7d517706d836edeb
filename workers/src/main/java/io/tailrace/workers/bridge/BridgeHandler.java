package io.tailrace.workers.bridge;

import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.JobHandler;
import io.tailrace.kit.time.MonotonicTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Copies the metrics of a bridge until the bridge is deleted. An attempt that comes to its end, because its time is over or its worker stops,
 * hands the job back, which does not count, so the job goes on elsewhere. The bridge is the one that was set last, not the one that the job was
 * enqueued with. Thread-safe.
 */
final class BridgeHandler implements JobHandler<Bridge> {
    private static final Duration BEFORE_THE_DEADLINE = Duration.ofSeconds(30);
    private static final Duration AGAIN_SOON = Duration.ofSeconds(1);
    private static final Duration AFTER_AN_OUTAGE = Duration.ofSeconds(5);

    private final BridgeRun.Collaborators with;
    private final RunningBridges running;

    BridgeHandler(BridgeRun.Collaborators with, RunningBridges running) {
        this.with = with;
        this.running = running;
    }

    @Override
    public String type() {
        return Bridge.JOB_TYPE;
    }

    @Override
    public Class<Bridge> payload() {
        return Bridge.class;
    }

    @Override
    public Map<String, String> run(Bridge enqueued, JobContext context) throws JobFailure, InterruptedException {
        BridgeTable.Holder holder = new BridgeTable.Holder(context.id(), context.token());
        Bridge bridge = latest(enqueued);
        Long missingSinceMs = null;
        while (bridge != null) {
            Map<String, BridgeTable.Claimed> positions = claim(bridge, holder);
            context.log().info("copies {} metrics", bridge.metrics().size());
            BridgeRun run = begin(bridge, positions, holder, context);
            running.add(enqueued.name(), run);
            try {
                Looked looked = watch(run, bridge, holder, missingSinceMs, context);
                bridge = looked.changed();
                missingSinceMs = looked.missingSinceMs();
            } finally {
                run.close();
                running.remove(enqueued.name(), run);
            }
            context.log().info("the bridge was changed or deleted");
        }
        return Map.of("ended", "the bridge was deleted");
    }

    /**
     * The bridge as it was set last: one of before may have another target and other metrics.
     *
     * @return null if it was deleted
     */
    private @Nullable Bridge latest(Bridge enqueued) throws JobFailure, InterruptedException {
        long sinceMs = MonotonicTime.nowMs();
        try {
            while (true) {
                Optional<Bridge> found = with.table().find(enqueued.name());
                if (found.isPresent()) {
                    return found.get().setAt().isBefore(enqueued.setAt()) ? enqueued : found.get();
                }
                if (!with.table().isKnown(enqueued.name())) {
                    // The copy of the schedules is behind, and this is the first job of a new bridge.
                    return enqueued;
                }
                if (MonotonicTime.nowMs() - sinceMs
                        >= with.settings().deletedAfter().toMillis()) {
                    return null;
                }
                Thread.sleep(with.settings().refresh());
            }
        } catch (SQLException | IOException e) {
            throw databaseUnavailable(e);
        }
    }

    /** No attempt counts for it: the bridge would be dead after an outage. */
    private static JobFailure databaseUnavailable(Exception e) {
        return JobFailure.postponed(AFTER_AN_OUTAGE, "database_unavailable", "PostgreSQL cannot be asked: " + e);
    }

    private Map<String, BridgeTable.Claimed> claim(Bridge bridge, BridgeTable.Holder holder) throws JobFailure {
        try {
            return with.table()
                    .claim(bridge, holder)
                    .orElseThrow(() -> JobFailure.postponed(
                            AGAIN_SOON, "held_by_another", "a later attempt at this job copies the bridge"));
        } catch (SQLException e) {
            throw databaseUnavailable(e);
        }
    }

    private BridgeRun begin(
            Bridge bridge, Map<String, BridgeTable.Claimed> positions, BridgeTable.Holder holder, JobContext context)
            throws JobFailure {
        try {
            return BridgeRun.begin(bridge, positions, holder, with, context.log());
        } catch (IOException | IllegalArgumentException | UncheckedIOException e) {
            context.log().warn("bridge {} cannot begin", bridge.name(), e);
            SourceFailure failure = new SourceFailure(
                    "invalid_bridge", "The target, the certificates or the stored position cannot be used");
            try {
                boolean unused = with.table().failAll(bridge.name(), holder, failure);
            } catch (SQLException unavailable) {
                throw databaseUnavailable(unavailable);
            }
            throw JobFailure.postponed(AFTER_AN_OUTAGE, failure.type(), failure.message() + ": " + e.getMessage());
        }
    }

    /**
     * What was seen last.
     *
     * @param changed the bridge as it is to be from now on; null if it was deleted
     * @param missingSinceMs since when the copy of the schedules has no such bridge; null if it has one
     */
    private record Looked(@Nullable Bridge changed, @Nullable Long missingSinceMs) {}

    /** Some time before the attempt would be interrupted, which counts as a failure. */
    private Instant end(JobContext context) {
        Instant deadline = context.deadline();
        Duration left = Duration.between(with.clock().instant(), deadline);
        Duration quarter = left.dividedBy(4);
        return deadline.minus(quarter.compareTo(BEFORE_THE_DEADLINE) < 0 ? quarter : BEFORE_THE_DEADLINE);
    }

    /** Looks after a run until the bridge is changed or deleted. */
    private Looked watch(
            BridgeRun run, Bridge bridge, BridgeTable.Holder holder, @Nullable Long missingMs, JobContext context)
            throws JobFailure, InterruptedException {
        Long missingSinceMs = missingMs;
        String told = "";
        Instant end = end(context);
        while (true) {
            Instant now = with.clock().instant();
            if (context.isStopped() || now.isAfter(end)) {
                Duration wait = context.isStopped() ? Duration.ZERO : AGAIN_SOON;
                throw JobFailure.postponed(wait, "handed_on", "the attempt is over, and the bridge is not");
            }
            if (run.isHeldByAnother()) {
                throw JobFailure.postponed(AGAIN_SOON, "held_by_another", "another attempt copies the bridge");
            }
            if (run.isBroken()) {
                throw JobFailure.postponed(AFTER_AN_OUTAGE, "internal", "a metric is not copied any more");
            }
            String states = String.valueOf(run.states());
            if (!states.equals(told)) {
                told = states;
                context.progress(null, states);
            }
            try {
                if (!with.table().touch(bridge.name(), holder)) {
                    throw JobFailure.postponed(AGAIN_SOON, "held_by_another", "another attempt copies the bridge");
                }
                Optional<Bridge> found = with.table().find(bridge.name());
                if (found.isEmpty()) {
                    // The copy of the schedules may not have it yet.
                    long nowMs = MonotonicTime.nowMs();
                    missingSinceMs = missingSinceMs == null ? nowMs : missingSinceMs;
                    if (nowMs - missingSinceMs >= with.settings().deletedAfter().toMillis()) {
                        return new Looked(null, missingSinceMs);
                    }
                } else {
                    missingSinceMs = null;
                    if (found.get().setAt().isAfter(bridge.setAt())) {
                        return new Looked(found.get(), null);
                    }
                }
            } catch (SQLException | IOException e) {
                context.log().warn("cannot look whether the bridge was changed: {}", e.toString());
            }
            Thread.sleep(with.settings().refresh());
        }
    }
}
