package io.tailrace.standalone.process;

import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One start of one part, in a thread of its own. Thread-safe. */
final class StartAttempt implements Unit.Progress {
    private static final Logger LOG = LoggerFactory.getLogger(StartAttempt.class);

    private final String part;
    private final Unit unit;
    private final Queue<SupervisorEvent> events;
    private volatile @Nullable Thread thread;

    StartAttempt(String part, Unit unit, Queue<SupervisorEvent> events) {
        this.part = part;
        this.unit = unit;
        this.events = events;
    }

    String part() {
        return part;
    }

    /** Starts the unit and reports how it went. */
    void begin() {
        thread = Thread.ofVirtual().name("start-" + part).start(() -> {
            try {
                unit.start(this);
                events.add(new SupervisorEvent.IsReady(this));
            } catch (Exception | LinkageError e) {
                LOG.debug("{} did not start", part, e);
                String message = e.getMessage();
                ended(message == null ? e.toString() : message);
            }
        });
    }

    /** Ends what was started, whether it is ready or not, and reports it. */
    void end(boolean force) {
        Thread.ofVirtual().name("stop-" + part).start(() -> {
            Thread starting = thread;
            if (starting != null) {
                starting.interrupt();
            }
            try {
                unit.stop(force);
            } finally {
                ended("stopped");
            }
        });
    }

    @Override
    public void doing(String what) {
        events.add(new SupervisorEvent.Doing(this, what));
    }

    @Override
    public void changed() {
        events.add(new SupervisorEvent.Changed());
    }

    @Override
    public void ended(String reason) {
        events.add(new SupervisorEvent.Ended(this, reason));
    }
}
