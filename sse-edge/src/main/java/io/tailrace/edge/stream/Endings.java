package io.tailrace.edge.stream;

/** How streams end. Only a note is taken at first, because a stream may be in the middle of being written. */
final class Endings {
    private final LoopState state;
    private final Notices notices;
    private final Membership membership;
    private final Placement placement;

    Endings(LoopState state, Notices notices, Membership membership, Placement placement) {
        this.state = state;
        this.notices = notices;
        this.membership = membership;
        this.placement = placement;
    }

    void close(EventStream stream, CloseReason reason) {
        if (!stream.isLeaving()) {
            stream.closing = reason;
            state.leaving.addLast(stream);
        }
    }

    void disconnected(EventStream stream) {
        if (stream.closed) {
            return;
        }
        if (!stream.isLeaving()) {
            state.leaving.addLast(stream);
        }
        stream.gone = true;
    }

    /** At the end of a turn, when nobody walks over the streams. */
    void closeLeaving() {
        EventStream stream;
        while ((stream = state.leaving.pollFirst()) != null) {
            CloseReason reason = stream.closing;
            if (!stream.gone && !stream.failed && reason != null) {
                sayFarewell(stream, reason);
            }
            boolean close = !stream.gone;
            try {
                membership.forget(stream);
            } catch (RuntimeException | Error e) {
                state.fault("forget", e);
            }
            if (close) {
                state.close(stream);
            }
            state.pending.depart(stream);
        }
    }

    private void sayFarewell(EventStream stream, CloseReason reason) {
        try {
            end(stream, reason);
            state.flush(stream);
        } catch (RuntimeException | Error e) {
            state.fail(stream, "end", e);
        }
    }

    private void end(EventStream stream, CloseReason reason) {
        switch (reason) {
            case STALLED -> state.stalled++;
            case UNANSWERED -> state.unanswered++;
            case TOKEN_EXPIRED, NO_CHANNELS, DRAINING, OVERLOADED, ADMIN -> {
                if (!stream.open) {
                    placement.stopWaiting(stream);
                    notices.open(stream, true);
                }
                notices.closing(stream, reason);
            }
        }
    }
}
