package io.tailrace.standalone.process;

import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.supervision.Action;
import io.tailrace.standalone.supervision.PartState;
import io.tailrace.standalone.supervision.PartState.BackingOff;
import io.tailrace.standalone.supervision.PartState.Failed;
import io.tailrace.standalone.supervision.PartState.Ready;
import io.tailrace.standalone.supervision.PartState.Starting;
import io.tailrace.standalone.supervision.PartState.Stopped;
import io.tailrace.standalone.supervision.PartState.Stopping;
import io.tailrace.standalone.supervision.PartState.Waiting;
import io.tailrace.standalone.supervision.Supervision;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what {@link Supervision} decides. One thread runs {@link #run}; starts and stops go on in threads of their own and
 * report by events. {@link #requestStop} may be called by anyone.
 */
public final class Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final long HOUSEKEEPING_MS = 5_000;

    private final Supervision supervision;
    private final Map<String, Unit> units;
    private final Consumer<Snapshot> observer;
    private final Board board;
    /** Bounded by what is under way: a handful of parts with a handful of events each. */
    private final LinkedBlockingQueue<SupervisorEvent> events = new LinkedBlockingQueue<>();

    private final Map<String, StartAttempt> attempts = new HashMap<>();
    private boolean stopping;
    private boolean wasUp;
    private @Nullable StartFailure failure;
    private @Nullable String notPublished;

    /**
     * A supervisor that has started nothing yet.
     *
     * @param units how each part is run, by its name
     * @param observer told of every change, in the supervisor's thread, and again every few seconds; if it throws, that
     *     is logged and the supervisor goes on
     */
    public Supervisor(
            Supervision supervision, Map<String, Unit> units, InstantSource clock, Consumer<Snapshot> observer) {
        this.supervision = supervision;
        this.units = Map.copyOf(units);
        this.observer = observer;
        this.board = new Board(supervision.initial(), this.units, clock);
    }

    /**
     * What there is to see.
     *
     * @param phase as in {@link RunState}
     * @param parts every part, in the order in which they start
     */
    public record Snapshot(String phase, List<RunState.PartStatus> parts) {}

    /**
     * A part that did not come up.
     *
     * @param part its name
     * @param reason why
     * @param log where it wrote more, or null
     */
    public record StartFailure(String part, String reason, @Nullable LogFile log) {}

    /** Stops everything in order and lets {@link #run} return. The second time it does not ask, it kills. */
    public void requestStop() {
        events.add(new SupervisorEvent.StopRequested());
    }

    /**
     * Starts everything, keeps it up, and stops everything when asked to, or when a part does not come up.
     *
     * @return the part that did not come up, or empty if all went well
     */
    public Optional<StartFailure> run() throws InterruptedException {
        long housekeepingMs = nowMs() + HOUSEKEEPING_MS;
        while (true) {
            decide();
            publish();
            if (stopping && supervision.allStopped(board.states())) {
                return Optional.ofNullable(failure);
            }
            long decisionMs =
                    supervision.nextDecisionMs(board.states(), nowMs()).orElse(Long.MAX_VALUE);
            long untilMs = Math.min(decisionMs, housekeepingMs);
            SupervisorEvent event = events.poll(Math.max(1, untilMs - nowMs()), TimeUnit.MILLISECONDS);
            while (event != null) {
                apply(event);
                event = events.poll();
            }
            if (nowMs() >= housekeepingMs) {
                rotateLogs();
                housekeepingMs = nowMs() + HOUSEKEEPING_MS;
            }
        }
    }

    private void decide() {
        if (!stopping) {
            supervision.towardsUp(board.states(), nowMs()).forEach(this::perform);
            wasUp |= supervision.allReady(board.states());
            supervision.failed(board.states()).ifPresent(this::fail);
        }
        if (stopping) {
            supervision.towardsDown(board.states(), nowMs()).forEach(this::perform);
        }
    }

    private void fail(String name) {
        stopping = true;
        String reason = board.state(name) instanceof Failed failed ? failed.reason() : "failed";
        failure = new StartFailure(name, reason, board.unit(name).log());
    }

    private void perform(Action action) {
        String name = action.part();
        switch (action) {
            case Action.Start start -> {
                LOG.info("{} starts", name);
                board.become(name, start.next(), "");
                StartAttempt attempt = new StartAttempt(name, board.unit(name), events);
                attempts.put(name, attempt);
                attempt.begin();
            }
            case Action.GiveUp giveUp -> {
                LOG.warn("{} {}", name, giveUp.reason());
                board.become(name, giveUp.next(), giveUp.reason());
                end(name, true);
            }
            case Action.Stop stop -> {
                board.become(name, stop.next(), "");
                end(name, false);
            }
            case Action.Kill kill -> {
                LOG.warn("{} does not stop, killing it", name);
                board.become(name, kill.next(), "killed");
                end(name, true);
            }
            case Action.MarkStopped stopped -> board.become(name, stopped.next(), "");
        }
    }

    private void end(String name, boolean force) {
        StartAttempt attempt = attempts.get(name);
        if (attempt != null) {
            attempt.end(force);
        }
    }

    private void apply(SupervisorEvent event) {
        switch (event) {
            case SupervisorEvent.StopRequested _ -> {
                if (stopping) {
                    killAll();
                }
                stopping = true;
            }
            case SupervisorEvent.IsReady(StartAttempt attempt) -> {
                String name = attempt.part();
                if (isCurrent(attempt) && board.state(name) instanceof Starting starting) {
                    LOG.info("{} is ready after {} ms", name, nowMs() - starting.sinceMs());
                    board.become(name, starting.ready(nowMs()), "");
                }
            }
            case SupervisorEvent.Doing(StartAttempt attempt, String what) -> {
                if (isCurrent(attempt) && board.state(attempt.part()) instanceof Starting) {
                    board.explain(attempt.part(), what);
                }
            }
            case SupervisorEvent.Ended(StartAttempt attempt, String reason) -> {
                if (isCurrent(attempt)) {
                    ended(attempt.part(), reason);
                }
            }
            case SupervisorEvent.Changed() -> {}
        }
    }

    private void ended(String name, String reason) {
        switch (board.state(name)) {
            case Starting starting -> {
                LOG.warn("{} did not come up: {}", name, reason);
                board.become(name, starting.ended(nowMs(), reason, supervision.backoff()), reason);
            }
            case Ready ready -> {
                BackingOff next = ready.ended(nowMs(), reason, supervision.backoff());
                LOG.warn("{} {}; starting it again in {} ms", name, reason, next.untilMs() - nowMs());
                board.become(name, next, reason);
            }
            case Stopping stopped -> {
                LOG.info("{} has stopped", name);
                board.become(name, new Stopped(stopped.restarts()), "");
            }
            case Waiting _, BackingOff _, Failed _, Stopped _ -> {}
        }
    }

    private void killAll() {
        LOG.warn("told twice to stop: killing everything");
        for (Map.Entry<String, PartState> entry : board.states().entrySet()) {
            PartState state = entry.getValue();
            if (state instanceof Starting || state instanceof Ready || state instanceof Stopping) {
                board.become(entry.getKey(), new Stopping(nowMs(), true, state.restarts()), "killed");
                end(entry.getKey(), true);
            }
        }
    }

    /** A disk that is full must not cost the processes that still run their supervisor. */
    private void publish() {
        try {
            observer.accept(new Snapshot(
                    phase(), supervision.parts().stream().flatMap(board::show).toList()));
            notPublished = null;
        } catch (RuntimeException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(notPublished)) {
                notPublished = reason;
                LOG.warn("cannot show what runs: {}", reason);
            }
        }
    }

    private String phase() {
        if (stopping) {
            return supervision.allStopped(board.states()) ? RunState.DOWN : RunState.STOPPING;
        }
        return wasUp ? RunState.UP : RunState.STARTING;
    }

    private void rotateLogs() {
        for (Unit unit : units.values()) {
            LogFile log = unit.log();
            if (log != null && unit.pid().isPresent()) {
                try {
                    log.rotate();
                } catch (IOException e) {
                    LOG.warn("cannot rotate {}: {}", log.path(), e.getMessage());
                }
            }
        }
    }

    private boolean isCurrent(StartAttempt attempt) {
        return attempts.get(attempt.part()) == attempt;
    }

    /** Monotonic, so that setting the clock neither ends nor prolongs a wait. */
    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }
}
