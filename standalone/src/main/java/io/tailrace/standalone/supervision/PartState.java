package io.tailrace.standalone.supervision;

/** Where a part is in its life. Its methods are the legal steps; immutable. */
public sealed interface PartState {
    /** How often it was started again. */
    int restarts();

    /** The word for people and for {@code status --json}. */
    String label();

    /** It waits for what it needs. */
    record Waiting() implements PartState {
        /** Its first start. */
        public Starting start(long nowMs) {
            return new Starting(nowMs, Restarts.NONE);
        }

        @Override
        public int restarts() {
            return 0;
        }

        @Override
        public String label() {
            return "waiting";
        }
    }

    /**
     * It is being prepared or started, and does not answer yet.
     *
     * @param sinceMs when this start began
     * @param history the starts before this one
     */
    record Starting(long sinceMs, Restarts history) implements PartState {
        /** It answers. */
        public Ready ready(long nowMs) {
            return new Ready(nowMs, history);
        }

        /** It ended or could not start. A part that has never been ready is not tried again: the first start fails. */
        public PartState ended(long nowMs, String reason, Backoff backoff) {
            return history.count() == 0 ? new Failed(reason) : backOff(nowMs, reason, history, backoff);
        }

        @Override
        public int restarts() {
            return history.count();
        }

        @Override
        public String label() {
            return "starting";
        }
    }

    /**
     * It answers.
     *
     * @param sinceMs since when
     * @param history the starts before
     */
    record Ready(long sinceMs, Restarts history) implements PartState {
        /** It ended by itself. */
        public BackingOff ended(long nowMs, String reason, Backoff backoff) {
            Restarts before = nowMs - sinceMs >= backoff.forgetAfterMs() ? history.forgiven() : history;
            return backOff(nowMs, reason, before, backoff);
        }

        @Override
        public int restarts() {
            return history.count();
        }

        @Override
        public String label() {
            return "ready";
        }
    }

    /**
     * It died and will be started again.
     *
     * @param untilMs when
     * @param reason why it died
     * @param history the starts, the coming one among them
     */
    record BackingOff(long untilMs, String reason, Restarts history) implements PartState {
        /** The next start. */
        public Starting start(long nowMs) {
            return new Starting(nowMs, history);
        }

        @Override
        public int restarts() {
            return history.count();
        }

        @Override
        public String label() {
            return "restarting";
        }
    }

    /**
     * It could not be started, and nobody will try again.
     *
     * @param reason why
     */
    record Failed(String reason) implements PartState {
        @Override
        public int restarts() {
            return 0;
        }

        @Override
        public String label() {
            return "failed";
        }
    }

    /**
     * It was told to stop.
     *
     * @param sinceMs when
     * @param killed whether it was killed since, because it took too long
     * @param restarts how often it was started again
     */
    record Stopping(long sinceMs, boolean killed, int restarts) implements PartState {
        @Override
        public String label() {
            return "stopping";
        }
    }

    /**
     * It is gone, as was wanted.
     *
     * @param restarts how often it was started again
     */
    record Stopped(int restarts) implements PartState {
        @Override
        public String label() {
            return "stopped";
        }
    }

    private static BackingOff backOff(long nowMs, String reason, Restarts before, Backoff backoff) {
        return new BackingOff(nowMs + backoff.delayMs(before.strikes()), reason, before.another());
    }

    /**
     * The starts after the first.
     *
     * @param count all of them
     * @param strikes those since the part last ran for long
     */
    record Restarts(int count, int strikes) {
        /** Never started again. */
        public static final Restarts NONE = new Restarts(0, 0);

        Restarts another() {
            return new Restarts(count + 1, strikes + 1);
        }

        Restarts forgiven() {
            return new Restarts(count, 0);
        }
    }
}
