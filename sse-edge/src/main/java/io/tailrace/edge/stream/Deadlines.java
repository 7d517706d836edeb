package io.tailrace.edge.stream;

/**
 * What is due by time on each stream: ends of tokens by the time of day, because they were made elsewhere; drain, open timeouts,
 * stalls, heartbeats and positions by the loop's clock, which does not go back.
 */
final class Deadlines {
    private final LoopState state;
    private final FrameWriter writer;
    private final Notices notices;
    private final Endings endings;
    private final Placement placement;
    private boolean draining;
    private long drainedAtMs;

    Deadlines(LoopState state, FrameWriter writer, Notices notices, Endings endings, Placement placement) {
        this.state = state;
        this.writer = writer;
        this.notices = notices;
        this.endings = endings;
        this.placement = placement;
    }

    /** A stream was opened or has a new token. */
    void watch(EventStream stream) {
        if (stream.quietMs == 0) {
            stream.quietMs = jitteredDown(state.settings.heartbeatMs());
            stream.positionMs = jitteredDown(state.settings.positionMs());
            stream.heartbeatMs = jitteredDown(stream.heartbeatMs);
            if (draining) {
                stream.drainAtMs = state.nowMs + state.random.nextLong(Math.max(1, drainedAtMs - state.nowMs));
            }
        }
        state.table.due(stream, next(stream));
        state.table.expires(stream, stream.tokenExpiresAtMs);
    }

    void drain(long durationMs) {
        draining = true;
        drainedAtMs = state.nowMs + durationMs;
        for (int i = 0; i < state.table.size(); i++) {
            EventStream stream = state.table.get(i);
            long atMs = state.nowMs + state.random.nextLong(Math.max(1, durationMs));
            stream.drainAtMs = Math.min(stream.drainAtMs, atMs);
            state.table.due(stream, next(stream));
        }
    }

    void tick(long wallMs) {
        for (int i = 0; i < state.table.size(); i++) {
            if (state.table.dueMs(i) <= state.nowMs || state.table.expiresAtMs(i) <= wallMs) {
                EventStream stream = state.table.get(i);
                try {
                    act(stream, wallMs);
                } catch (RuntimeException | Error e) {
                    state.fail(stream, "deadline", e);
                }
                state.table.due(stream, next(stream));
            }
        }
    }

    private void act(EventStream stream, long wallMs) {
        long nowMs = state.nowMs;
        if (stream.isLeaving()) {
            return;
        }
        if (wallMs >= stream.tokenExpiresAtMs) {
            endings.close(stream, CloseReason.TOKEN_EXPIRED);
        } else if (nowMs >= stream.drainAtMs) {
            endings.close(stream, CloseReason.DRAINING);
        } else if (stream.pingedAtMs >= 0 && nowMs - stream.pingedAtMs >= state.settings.pongTimeoutMs()) {
            endings.close(stream, CloseReason.UNANSWERED);
        } else if (!stream.open) {
            if (nowMs >= stream.openedAtMs + state.settings.openTimeoutMs()) {
                placement.stopWaiting(stream);
                if (!writer.isTorn(stream)) {
                    notices.open(stream, true);
                }
            }
        } else if (state.pending.room(stream) > 0) {
            stream.lastUnsentBytes = -1;
            if (stream.begun == null) {
                beat(stream);
            } else if (nowMs >= heartbeatAtMs(stream)) {
                stream.heartbeatDue = true;
            }
        } else {
            checkStall(stream);
            if (!stream.isLeaving() && state.nowMs >= heartbeatAtMs(stream)) {
                stream.heartbeatDue = true;
                stream.blocked = true;
            }
        }
    }

    private void beat(EventStream stream) {
        long nowMs = state.nowMs;
        if (stream.heartbeatDue || nowMs >= heartbeatAtMs(stream)) {
            writer.heartbeat(stream);
            return;
        }
        if (nowMs - stream.lastIdMs >= stream.positionMs && !stream.noticesDue) {
            if (writer.hasMoved(stream)) {
                writer.position(stream);
                return;
            }
            stream.lastIdMs = nowMs;
        }
        if (nowMs - stream.lastWriteMs >= stream.quietMs) {
            writer.comment(stream);
        }
    }

    /** Slow is not stalled: as long as the transport takes anything, the reader reads. */
    private void checkStall(EventStream stream) {
        long unsentBytes = state.unsentBytes(stream);
        if (unsentBytes != stream.lastUnsentBytes) {
            stream.lastUnsentBytes = unsentBytes;
            stream.stalledSinceMs = state.nowMs;
        } else if (state.nowMs - stream.stalledSinceMs >= state.settings.stallTimeoutMs()) {
            endings.close(stream, CloseReason.STALLED);
        }
    }

    private long next(EventStream stream) {
        if (stream.isLeaving()) {
            return Long.MAX_VALUE;
        }
        long atMs = stream.drainAtMs;
        if (stream.pingedAtMs >= 0) {
            atMs = Math.min(atMs, stream.pingedAtMs + state.settings.pongTimeoutMs());
        }
        if (!stream.open) {
            return Math.min(atMs, Math.max(stream.openedAtMs + state.settings.openTimeoutMs(), state.nowMs + 1));
        }
        atMs = Math.min(atMs, Math.max(heartbeatAtMs(stream), state.nowMs + 1));
        if (stream.lastUnsentBytes >= 0) {
            return Math.min(atMs, state.nowMs + Math.max(1, state.settings.stallTimeoutMs() / 4));
        }
        // A write that happened in the meantime moves it: then the next look finds nothing to do.
        long quietAtMs = Math.min(stream.lastWriteMs + stream.quietMs, stream.lastIdMs + stream.positionMs);
        return Math.min(atMs, Math.max(quietAtMs, state.nowMs + 1));
    }

    /**
     * When the next heartbeat is due, whatever else is written. One that is owed to a sink that takes nothing may be written at
     * any time from now on, and the next one is due that much later.
     */
    private long heartbeatAtMs(EventStream stream) {
        if (stream.heartbeatMs == 0) {
            return Long.MAX_VALUE;
        }
        return (stream.heartbeatDue ? state.nowMs : stream.lastHeartbeatMs) + stream.heartbeatMs;
    }

    private long jitteredDown(long ms) {
        return ms - state.random.nextLong(ms / 4 + 1);
    }
}
