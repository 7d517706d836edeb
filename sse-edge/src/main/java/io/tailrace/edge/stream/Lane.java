package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cursor into one partition that some of a stream's channels share. Each channel of a stream is in exactly one lane,
 * which is what keeps its order.
 */
final class Lane {
    /** No offset is known yet: the lane waits for its partition to learn where it starts. */
    static final long UNKNOWN = -1;

    final EventStream stream;
    final PartitionView view;
    private LanePhase phase = LanePhase.PENDING;
    private Subscription[] subscriptions = {};

    /** What {@link #members()} has made, until the channels change; read on the hot path, for each id. */
    private byte @Nullable [] members;

    /** The next offset that it wants; stale while it is live, because then it is the view's head. */
    private long nextOffset;

    /** The leader epoch of the last record before {@code nextOffset}; stale while it is live. */
    private int epoch = Cursor.NO_EPOCH;

    /** Where it is to start, until the partition's facts were held against it. */
    private @Nullable Start start;

    /** The first offset that was lost and not told yet, or {@link #UNKNOWN}; what is lost ends at {@code nextOffset}. */
    private long gapFrom = UNKNOWN;

    private int gapEpoch = Cursor.NO_EPOCH;

    private @Nullable ResetReason untoldReset;

    /** The client was told that its start is pending. */
    boolean startOwed;

    /** The client was told that its partition can't be read. */
    boolean toldUnavailable;

    /** The first question after the log's end whose answer counts for it. */
    long askedAs;

    /** Positions in the batch that is being delivered; borrowed for that time only. */
    @Nullable
    Hits hits;

    /** Its place in the view's list of its phase; owned by {@link LaneList}. */
    int listIndex = -1;

    Lane(EventStream stream, PartitionView view, Start start) {
        this.stream = stream;
        this.view = view;
        this.start = start;
        this.nextOffset = start instanceof Start.At at ? at.offset() : UNKNOWN;
        this.epoch = start instanceof Start.At at ? at.leaderEpoch() : Cursor.NO_EPOCH;
    }

    LanePhase phase() {
        return phase;
    }

    /** Only {@link LoopState#move} calls this, which keeps lists and counts in step. */
    void phase(LanePhase next) {
        if (!phase.canBecome(next)) {
            throw new IllegalStateException("lane of " + view.id + ": " + phase + " can't become " + next);
        }
        phase = next;
    }

    /** The next offset that it wants, or {@link #UNKNOWN}. */
    long position() {
        return phase == LanePhase.LIVE ? view.head() : nextOffset;
    }

    /**
     * The position that the client may be promised: what is lost and not told yet is not behind it. A position of another
     * generation than the topic has here is not promised, because a broker is still being asked about it.
     */
    long toldPosition() {
        if (start instanceof Start.At at
                && view.generation != null
                && !at.generation().equals(view.generation)) {
            return UNKNOWN;
        }
        return gapFrom != UNKNOWN ? gapFrom : position();
    }

    /** The leader epoch of the last record before {@link #position()}, or {@link Cursor#NO_EPOCH}. */
    int epoch() {
        return phase == LanePhase.LIVE ? view.headEpoch() : epoch;
    }

    /** The leader epoch of the last record before {@link #toldPosition()}, or {@link Cursor#NO_EPOCH}. */
    int toldEpoch() {
        return gapFrom != UNKNOWN ? gapEpoch : epoch();
    }

    /** It goes on inside of a batch or at its end. */
    void moveTo(long offset, Batch batch) {
        if (offset > batch.fromOffset()) {
            epoch = batch.leaderEpoch();
        }
        nextOffset = offset;
    }

    /** It was live, and stays where the window ends. */
    void stayAtHead() {
        nextOffset = view.head();
        epoch = view.headEpoch();
    }

    @Nullable
    Start start() {
        return start;
    }

    /** It must be held against the log once more. */
    void question(Generation generation) {
        stream.loseFrame(this);
        start = new Start.At(generation, nextOffset, epoch);
    }

    void started(long offset, int leaderEpoch) {
        start = null;
        nextOffset = offset;
        epoch = leaderEpoch;
    }

    /** Whether its start was held against the log, so that the client can be told where it is. */
    boolean isSettled() {
        return start == null && phase != LanePhase.PENDING;
    }

    /** The generation that its position belongs to; null if neither is known. */
    @Nullable
    Generation generation() {
        return start instanceof Start.At at ? at.generation() : view.generation;
    }

    long gapFrom() {
        return gapFrom;
    }

    /** What lies between its position and {@code logStart} is lost; untold gaps that follow each other are one. */
    void skipTo(long logStart) {
        stream.loseFrame(this);
        if (gapFrom == UNKNOWN) {
            gapFrom = nextOffset;
            gapEpoch = epoch;
        }
        nextOffset = logStart;
        epoch = Cursor.NO_EPOCH;
        stream.noticesDue = true;
    }

    void gapTold() {
        gapFrom = UNKNOWN;
    }

    /** It goes back to what its client was told, as if nothing had been lost since. */
    void undoGap() {
        started(gapFrom, gapEpoch);
        gapFrom = UNKNOWN;
    }

    /** Whether it is beyond the log that is known here, or of a later epoch, so that the log must come to it first. */
    boolean isAhead() {
        boolean later = epoch() > view.headEpoch() && view.headEpoch() != Cursor.NO_EPOCH;
        return position() > view.head() || (later && position() > view.logStart);
    }

    @Nullable
    ResetReason untoldReset() {
        return untoldReset;
    }

    /** Its position means nothing any more; it starts anew at {@code offset}, whatever was lost before. */
    void reset(ResetReason reason, long offset) {
        reset(reason, offset, Cursor.NO_EPOCH);
    }

    /** The same where the leader epoch of the last record before {@code offset} is known. */
    void reset(ResetReason reason, long offset, int leaderEpoch) {
        stream.loseFrame(this);
        started(offset, leaderEpoch);
        gapFrom = UNKNOWN;
        untoldReset = reason;
        stream.noticesDue = true;
    }

    void resetTold() {
        untoldReset = null;
    }

    /** The short hashes of its channels as they stand in a cursor: ascending, each once, three bytes each. */
    byte[] members() {
        byte[] known = members;
        if (known == null) {
            known = ShortHashes.encoded(subscriptions);
            members = known;
        }
        return known;
    }

    int channels() {
        return subscriptions.length;
    }

    Subscription subscription(int i) {
        return subscriptions[i];
    }

    void add(Subscription subscription) {
        subscriptions = Arrays.copyOf(subscriptions, subscriptions.length + 1);
        subscriptions[subscriptions.length - 1] = subscription;
        subscription.lane = this;
        members = null;
    }

    void remove(Subscription subscription) {
        Subscription[] rest = new Subscription[subscriptions.length - 1];
        int kept = 0;
        for (Subscription each : subscriptions) {
            if (each != subscription) {
                rest[kept++] = each;
            }
        }
        subscriptions = rest;
        members = null;
    }

    /** Takes over all channels of a lane that has come to the same position. */
    void takeOver(Lane other) {
        int own = subscriptions.length;
        subscriptions = Arrays.copyOf(subscriptions, own + other.subscriptions.length);
        for (int i = 0; i < other.subscriptions.length; i++) {
            Subscription subscription = other.subscriptions[i];
            subscription.lane = this;
            subscriptions[own + i] = subscription;
        }
        other.subscriptions = new Subscription[0];
        members = null;
        epoch = epoch == Cursor.NO_EPOCH ? other.epoch : epoch;
    }
}
