package io.tailrace.edge.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tailrace.edge.watch.Conflation;
import io.tailrace.edge.watch.GapReader;
import io.tailrace.edge.watch.LogPosition;
import io.tailrace.edge.watch.PointReader;
import io.tailrace.edge.watch.SentWindows;
import io.tailrace.edge.watch.WatchMessages;
import io.tailrace.edge.watch.WatchPlan;
import io.tailrace.edge.watch.WatchQuestion;
import io.tailrace.edge.watch.WatchedHistory;
import io.tailrace.grpc.channels.v1.Frame;
import io.tailrace.grpc.channels.v1.SubscribeResponse;
import io.tailrace.grpc.series.v1.Point;
import io.tailrace.grpc.series.v1.WatchCaughtUp;
import io.tailrace.grpc.series.v1.WatchGap;
import io.tailrace.grpc.series.v1.WatchResponse;
import io.tailrace.grpc.series.v1.WatchStarted;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The responses of {@code Watch}: how it starts, its history, and then a point for each event of its channel. A stream whose history is not
 * told yet, or whose client does not take more, stays at its position in the log. On the event loop of its stream.
 */
final class WatchResponses implements Responses {
    /** Windows that may wait for the end of an interval; with more of them it ends early. */
    private static final int WAITING_POINTS = 256;

    /** A window is told for the last time 0.2 s after its end, and is on its way for some moments more. */
    private static final long LAST_TELLING_MS = 2_000;

    /** How soon it is looked again whether everything was told. */
    private static final long LOOK_AGAIN_MS = 200;

    /** A position that has moved for so long without a message is told by one of its own. */
    private static final long SILENCE_MS = 15_000;

    private static final String CONTROL = "stream.";

    private final WatchQuestion question;
    private final WatchPlan plan;
    private final boolean replay;
    private final Runnable release;
    private final UnreadablePoints unreadable;
    private final WatchMessages messages;
    private final PointReader reader;
    private final LongSupplier clock;
    private final LongSupplier wallClock;
    private final Conflation waiting = new Conflation(WAITING_POINTS);
    private final PartJoin parts = new PartJoin();
    private @Nullable Outlet outlet;
    private @Nullable WatchedHistory history;
    private SentWindows told;
    private String position;
    private boolean started;
    private boolean caughtUp;
    private @Nullable Future<?> telling;
    private @Nullable Future<?> ending;
    private long nextTellingMs;
    private long lastSentMs;
    private String sentPosition = "";

    /**
     * The responses of a call.
     *
     * @param replay whether the channel is read from before its end
     * @param release gives back what was taken for the history; may be called more than once
     * @param unreadable is told of each event that is no point
     * @param clock milliseconds of a clock that does not go back
     * @param wallClock the time of day in milliseconds since the epoch, which the end of the range is compared with
     */
    WatchResponses(
            WatchQuestion question,
            WatchPlan plan,
            boolean replay,
            Runnable release,
            UnreadablePoints unreadable,
            LongSupplier clock,
            LongSupplier wallClock) {
        this.question = question;
        this.plan = plan;
        this.replay = replay;
        this.release = release;
        this.unreadable = unreadable;
        this.clock = clock;
        this.wallClock = wallClock;
        this.messages = new WatchMessages(question, plan.numbering(), plan.sequence());
        this.reader = new PointReader(question);
        this.history = plan.history();
        this.told = plan.told();
        this.position = plan.position();
        this.nextTellingMs = Long.MIN_VALUE;
    }

    @Override
    public void begin(Outlet to) {
        outlet = to;
        if (!position.isEmpty()) {
            start();
        }
        tellHistory();
    }

    @Override
    public boolean hasRoom() {
        return history == null && waiting.hasRoom();
    }

    @Override
    public void frames(byte[] frames, int length) {
        SubscribeResponse response;
        try {
            response = SubscribeResponse.parser().parseFrom(frames, 0, length);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("frames of this process can't be read", e);
        }
        for (Frame part : response.getFramesList()) {
            Frame frame = parts.join(part);
            if (frame == null) {
                continue;
            }
            if (frame.getType().startsWith(CONTROL)) {
                control(frame);
            } else if (!frame.getType().isEmpty()) {
                event(frame);
            }
            if (waiting.isEmpty() && history == null) {
                moveTo(frame.getCursor());
            }
        }
        tellPosition();
    }

    /** Of a metric that is silent for long the position that its client has would be older than what the log keeps. */
    private void tellPosition() {
        boolean moved = started && history == null && waiting.isEmpty() && !position.equals(sentPosition);
        if (moved && clock.getAsLong() - lastSentMs >= SILENCE_MS) {
            send(WatchResponse.newBuilder(), told, position);
        }
    }

    @Override
    public void ready() {
        tellHistory();
        tellWaiting();
    }

    @Override
    public long keptBytes() {
        WatchedHistory left = history;
        return left == null ? 0 : left.bytes();
    }

    @Override
    public void end() {
        history = null;
        release.run();
        cancel(telling);
        cancel(ending);
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void start() {
        started = true;
        send(
                WatchResponse.newBuilder()
                        .setStarted(WatchStarted.newBuilder()
                                .setMetric(plan.metric())
                                .setResolution(question.resolution())
                                .setEpoch(messages.epoch())
                                .setResumed(plan.isResumed())
                                .setChannel(question.isRaw() ? "" : question.channel())),
                told,
                position);
        WatchGap missing = plan.gap();
        if (missing != null) {
            send(WatchResponse.newBuilder().setGap(missing), told, position);
        }
    }

    private void tellHistory() {
        WatchedHistory left = history;
        if (left == null) {
            return;
        }
        long offset = plan.historyOffset();
        while (outlet().hasRoom()) {
            Point point = left.next();
            if (point == null) {
                history = null;
                release.run();
                LogPosition at = LogPosition.of(position);
                told = told.all(offset).after(at == null ? 0 : at.nextOffset());
                outlet().wake();
                return;
            }
            long tMs = PointReader.timeMs(point);
            if (tMs >= plan.told().nextMs() && question.wants(tMs)) {
                told = told.until(tMs + question.lengthMs(), offset);
                send(WatchResponse.newBuilder().setPoint(point), told, position);
            }
        }
    }

    private void control(Frame frame) {
        switch (frame.getType()) {
            case "stream.open" -> {
                if (!started) {
                    position = frame.getCursor();
                    start();
                }
                if (!replay) {
                    caughtUp();
                }
            }
            case "stream.caught_up" -> {
                tellAllWaiting();
                moveTo(frame.getCursor());
                caughtUp();
            }
            case "stream.gap" -> gap(frame, "The channel does not keep changes for so long: ask for the history anew");
            case "stream.reset" -> {
                told = told.isComplete() ? SentWindows.NONE : SentWindows.none(told.nextMs(), 0);
                gap(frame, "The channel's log is not the one that the cursor was made for: ask for the history anew");
            }
            default -> {
                // What it says about connections and channels has no message here.
            }
        }
    }

    private void gap(Frame frame, String reason) {
        gap(frame, WatchGap.newBuilder().setReason(reason).build());
    }

    private void gap(Frame frame, WatchGap missing) {
        tellAllWaiting();
        moveTo(frame.getCursor());
        send(WatchResponse.newBuilder().setGap(missing), told, position);
    }

    private void moveTo(String cursor) {
        if (!cursor.isEmpty()) {
            position = cursor;
        }
    }

    private void caughtUp() {
        if (caughtUp) {
            return;
        }
        caughtUp = true;
        send(WatchResponse.newBuilder().setCaughtUp(WatchCaughtUp.getDefaultInstance()), told, position);
        if (question.toMs() != Long.MAX_VALUE) {
            ending = outlet().after(
                            Math.max(0, question.toMs() + LAST_TELLING_MS - wallClock.getAsLong()), this::finish);
        }
    }

    /** Ends the call when its client has everything that is in the log. */
    private void finish() {
        tellAllWaiting();
        if (history == null && outlet().isDone()) {
            outlet().finish();
        } else {
            ending = outlet().after(LOOK_AGAIN_MS, this::finish);
        }
    }

    private void event(Frame frame) {
        Point point;
        WatchGap missing;
        try {
            missing = GapReader.read(frame.getType(), frame.getData());
            point = reader.read(frame.getType(), frame.getData());
        } catch (IllegalArgumentException e) {
            unreadable.passedOver(question.channel(), e);
            return;
        }
        if (missing != null) {
            gap(frame, missing);
        }
        if (point == null) {
            return;
        }
        long tMs = PointReader.timeMs(point);
        if (isTold(tMs, frame.getCursor()) || !question.wants(tMs)) {
            return;
        }
        if (question.intervalMs() == 0 || (question.isRaw() && !caughtUp)) {
            moveTo(frame.getCursor());
            send(WatchResponse.newBuilder().setPoint(point), told, position);
            return;
        }
        waiting.put(question.isRaw() ? 0 : tMs, new Conflation.Held(point, frame.getCursor(), told));
        tellWaiting();
    }

    private boolean isTold(long tMs, String cursor) {
        if (told.steps().isEmpty()) {
            return false;
        }
        LogPosition at = LogPosition.of(cursor);
        if (at == null) {
            return false;
        }
        boolean has = told.has(tMs, at.nextOffset());
        told = told.after(at.nextOffset());
        return has;
    }

    private void tellWaiting() {
        if (waiting.isEmpty()) {
            return;
        }
        long leftMs = nextTellingMs == Long.MIN_VALUE ? 0 : nextTellingMs - clock.getAsLong();
        boolean full = !waiting.hasRoom();
        if (leftMs > 0 && !full) {
            tellLater(leftMs);
            return;
        }
        while (outlet().hasRoom() && !waiting.isEmpty()) {
            tellNext();
        }
        if (waiting.isEmpty()) {
            nextTellingMs = clock.getAsLong() + question.intervalMs();
        }
        if (full && waiting.hasRoom()) {
            outlet().wake();
        }
    }

    private void tellLater(long delayMs) {
        if (telling == null) {
            telling = outlet().after(delayMs, () -> {
                telling = null;
                tellWaiting();
            });
        }
    }

    /** Before something that is behind them; what waits is bounded. */
    private void tellAllWaiting() {
        while (!waiting.isEmpty()) {
            tellNext();
        }
    }

    private void tellNext() {
        Conflation.Held held = Objects.requireNonNull(waiting.poll());
        moveTo(held.position());
        send(WatchResponse.newBuilder().setPoint(held.point()), held.told(), position);
    }

    private void send(WatchResponse.Builder event, SentWindows with, String behind) {
        byte[] message = messages.next(event.setConflated(waiting.takePassedOver()), with, behind);
        outlet().send(message, message.length);
        lastSentMs = clock.getAsLong();
        sentPosition = behind;
    }

    private Outlet outlet() {
        return Objects.requireNonNull(outlet, "not begun");
    }
}
