package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One open stream: the handle that a driver holds. It belongs to the loop that opened it and is used only on that
 * loop's thread.
 */
public final class EventStream {
    /** A stream with more channels than this has an index of them. */
    private static final int FEW_CHANNELS = 16;

    private static final Comparator<Lane> BY_PARTITION = Comparator.comparing(lane -> lane.view.id);

    private final String connectionId;
    private final StreamSink sink;
    final StreamPlan.Mode mode;
    final boolean resumed;
    final long openedAtMs;

    /** Ordered by partition, so that the cursor can be written in one walk. */
    private Lane[] lanes = {};

    private int channels;
    private @Nullable ChannelIndex index;

    long tokenExpiresAtMs;
    long drainAtMs = Long.MAX_VALUE;

    /** {@code stream.open} is written; nothing else may be before. */
    boolean open;

    /** {@code stream.caught_up} is owed once all lanes are live. */
    boolean caughtUpDue;

    /** Something is to be told before the next event, because the event's id would promise that it was. */
    boolean noticesDue;

    /** Changes of the channels that are not told yet; null if there are none. */
    @Nullable
    PendingChanges changes;

    @Nullable
    ResetReason unusableCursor;

    /** The channels as they were asked for, until {@code stream.open} has told them. */
    List<WantedChannel> opening;

    /** The sink was not writable, or had its share pending, when there was more for it. */
    boolean blocked;

    /** The frame that is written in parts; null if the stream is between frames. */
    @Nullable
    BegunFrame begun;

    /** What the sink holds, as last heard of it and with what was appended since; owned by {@link Pending}. */
    long pendingBytes;

    boolean queued;
    boolean touched;
    /** The loop has forgotten it. */
    boolean closed;

    /** Its connection is gone. */
    boolean gone;

    /** It is given up where it is: its sink gets nothing more, not even a farewell. */
    boolean failed;

    /** Why it is to be closed, if it is. */
    @Nullable
    CloseReason closing;

    /** Which lane is pulled next. */
    int nextLane;

    long lastWriteMs;
    long lastIdMs;

    /** Sum of the positions in the last id; tells whether the cursor has moved since. */
    long lastIdSum;

    /** The jittered times after which it gets a comment and an id-only frame. */
    long quietMs;

    long positionMs;

    /** The jittered time within which it gets another {@code stream.heartbeat}; 0 if its client did not ask for them. */
    long heartbeatMs;

    long lastHeartbeatMs;

    /** A {@code stream.heartbeat} is owed as soon as the sink takes something. */
    boolean heartbeatDue;

    long stalledSinceMs;

    /** What was unsent when it was found not writable; -1 if it was writable. */
    long lastUnsentBytes = -1;

    /** When the oldest ping without an answer was written; -1 if there is none, as on streams that are not WebSocket's. */
    long pingedAtMs = -1;

    long writtenBytes;

    /** Its place in the table; owned by {@link StreamTable}. */
    int slot = -1;

    @Nullable
    EventStream olderNeighbour;

    @Nullable
    EventStream youngerNeighbour;

    EventStream(StreamPlan plan, StreamSink sink, long nowMs) {
        this.connectionId = plan.connectionId();
        this.mode = plan.mode();
        this.resumed = plan.resumed();
        this.unusableCursor = plan.unusableCursor();
        this.tokenExpiresAtMs = plan.tokenExpiresAtMs();
        this.opening = plan.channels();
        this.heartbeatMs = plan.heartbeatMs();
        this.lastHeartbeatMs = nowMs;
        this.sink = sink;
        this.openedAtMs = nowMs;
        this.lastWriteMs = nowMs;
        this.lastIdMs = nowMs;
    }

    /** Its name towards the client. */
    public String connectionId() {
        return connectionId;
    }

    /** The connection that it writes to. */
    public StreamSink sink() {
        return sink;
    }

    /** A lane goes on somewhere else, so what it was in the middle of can't be finished. */
    void loseFrame(Lane lane) {
        BegunFrame frame = begun;
        if (frame != null && frame.lane == lane) {
            frame.lost = true;
        }
    }

    boolean isLeaving() {
        return closed || gone || failed || closing != null;
    }

    /** An id was written that stands for these positions. */
    void idWritten(long sum, long nowMs) {
        lastIdSum = sum;
        lastIdMs = nowMs;
    }

    /** Whether it has the id that a batch has before each frame: of one channel and nothing else. */
    boolean hasOneChannel() {
        return lanes.length == 1 && lanes[0].channels() == 1;
    }

    int laneCount() {
        return lanes.length;
    }

    Lane lane(int i) {
        return lanes[i];
    }

    /** New lanes take their places. */
    void addLanes(List<Lane> added) {
        int before = lanes.length;
        lanes = Arrays.copyOf(lanes, before + added.size());
        for (int i = 0; i < added.size(); i++) {
            lanes[before + i] = added.get(i);
        }
        // Stable, and cheap for what is nearly in order.
        Arrays.sort(lanes, BY_PARTITION);
    }

    void removeLane(Lane lane) {
        int at = Arrays.binarySearch(lanes, lane, BY_PARTITION);
        while (at > 0 && lanes[at - 1].view == lane.view) {
            at--;
        }
        while (lanes[at] != lane) {
            at++;
        }
        Lane[] fewer = new Lane[lanes.length - 1];
        System.arraycopy(lanes, 0, fewer, 0, at);
        System.arraycopy(lanes, at + 1, fewer, at, fewer.length - at);
        lanes = fewer;
    }

    /** Channels of all lanes. */
    int channelCount() {
        return channels;
    }

    /** Channels were added to its lanes. */
    void joined(List<Subscription> added) {
        channels += added.size();
        if (index != null) {
            added.forEach(index::add);
        } else if (channels > FEW_CHANNELS) {
            ChannelIndex all = new ChannelIndex(channels);
            for (Lane lane : lanes) {
                for (int i = 0; i < lane.channels(); i++) {
                    all.add(lane.subscription(i));
                }
            }
            index = all;
        }
    }

    /** A channel was removed from one of its lanes. */
    void left(Subscription subscription) {
        channels--;
        if (channels <= FEW_CHANNELS / 2) {
            index = null;
        } else if (index != null) {
            index.remove(subscription);
        }
    }

    @Nullable
    Subscription find(String channel) {
        if (index != null) {
            return index.find(Cursor.channelHash(channel), channel);
        }
        for (Lane lane : lanes) {
            for (int i = 0; i < lane.channels(); i++) {
                if (lane.subscription(i).channel.equals(channel)) {
                    return lane.subscription(i);
                }
            }
        }
        return null;
    }

    /** A channel that a cursor could not tell from another of this hash in a partition; null if there is none. */
    @Nullable
    Subscription findSame(int hash, PartitionView view) {
        if (index != null) {
            return index.findSame(hash, view);
        }
        for (Lane lane : lanes) {
            for (int i = 0; lane.view == view && i < lane.channels(); i++) {
                if (lane.subscription(i).channelHash() == hash) {
                    return lane.subscription(i);
                }
            }
        }
        return null;
    }

    /** Whether all lanes are in this phase. */
    boolean allAre(LanePhase phase) {
        for (Lane lane : lanes) {
            if (lane.phase() != phase) {
                return false;
            }
        }
        return true;
    }
}
