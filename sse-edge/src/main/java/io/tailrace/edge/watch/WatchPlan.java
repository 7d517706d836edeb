package io.tailrace.edge.watch;

import com.google.protobuf.Timestamp;
import io.tailrace.grpc.series.v1.Metric;
import io.tailrace.grpc.series.v1.QueryRequest;
import io.tailrace.grpc.series.v1.WatchGap;
import org.jspecify.annotations.Nullable;

/**
 * Where a call of {@code Watch} starts. Immutable, but for the history, which is read once.
 *
 * @param metric the metric
 * @param numbering names the numbering of the messages
 * @param sequence the number of the last message before this call; 0 if there is none
 * @param isResumed whether it goes on behind a cursor
 * @param history what is told first; null if nothing is
 * @param historyOffset the first offset of the channel that is not in the history
 * @param told which windows earlier calls have told
 * @param position where the channel is read from; empty if it begins with the next event, or with the oldest one
 * @param gap what is missing before all of it; null if nothing is
 */
public record WatchPlan(
        Metric metric,
        long numbering,
        long sequence,
        boolean isResumed,
        @Nullable WatchedHistory history,
        long historyOffset,
        SentWindows told,
        String position,
        @Nullable WatchGap gap) {
    private static final long NO_HISTORY_MS = 1_000;

    /** So much may the clocks of an edge and of who answers queries differ. */
    private static final long CLOCKS_MS = 60_000;

    /** {@code Query} answers ranges of at most 50,000 windows, and has a clock of its own. */
    private static final long MOST_WINDOWS = 49_000;

    /**
     * What to ask {@code Query} before a call can start: at least for the metric.
     *
     * @param aheadMs how far ahead of now windows may be
     */
    public static QueryRequest query(WatchQuestion question, long aheadMs) {
        QueryRequest.Builder query =
                QueryRequest.newBuilder().setMetricId(question.metric().toString());
        if (!question.isRaw()) {
            query.setResolution(question.resolution());
        }
        if (!question.asksForHistory()) {
            return query.setFrom(time(question.nowMs() - NO_HISTORY_MS))
                    .setTo(time(question.nowMs()))
                    .setMaxPoints(1)
                    .build();
        }
        long fromMs = queriedFromMs(question);
        if (question.toMs() <= question.nowMs()) {
            query.setTo(time(Math.max(question.toMs(), fromMs + 1)));
        } else if (fromMs > question.nowMs() - CLOCKS_MS) {
            // The end of now by the clock of another machine may be before this beginning.
            long mostMs = Math.min(aheadMs, MOST_WINDOWS / 2 * question.lengthMs());
            query.setTo(time(Math.max(question.nowMs(), fromMs + 1) + mostMs));
        }
        return query.setFrom(time(fromMs)).setMaxPoints(question.maxPoints()).build();
    }

    /**
     * Where the history begins that is left. With the last window that was told, because whether there is a gap behind it is to be seen; and not
     * so far back that it can't be answered any more.
     */
    private static long queriedFromMs(WatchQuestion question) {
        WatchCursor cursor = question.cursor();
        if (cursor == null) {
            return question.fromMs();
        }
        long nextMs = cursor.told().nextMs();
        long fromMs = nextMs > question.fromMs() ? nextMs - question.lengthMs() : nextMs;
        return Math.max(fromMs, earliestMs(question));
    }

    private static long earliestMs(WatchQuestion question) {
        long endMs = Math.min(question.toMs(), question.nowMs());
        long earliestMs = endMs - MOST_WINDOWS * question.lengthMs();
        return Math.ceilDiv(earliestMs, question.lengthMs()) * question.lengthMs();
    }

    /**
     * The plan of a call.
     *
     * @param answer of {@link #query}
     * @param newNumbering what a new numbering is named by
     * @param keptMs how long the channel keeps readings, for those who want them
     */
    public static WatchPlan of(WatchQuestion question, WatchedHistory answer, long newNumbering, long keptMs) {
        WatchCursor cursor = question.cursor();
        LogPosition snapshot = LogPosition.of(answer.position());
        if (cursor == null) {
            return question.asksForHistory() && snapshot != null
                    ? new WatchPlan(
                            answer.metric(),
                            newNumbering,
                            0,
                            false,
                            answer,
                            snapshot.nextOffset(),
                            SentWindows.none(question.fromMs(), snapshot.nextOffset()),
                            answer.position(),
                            null)
                    : new WatchPlan(
                            answer.metric(),
                            newNumbering,
                            0,
                            false,
                            null,
                            0,
                            SentWindows.NONE,
                            "",
                            unread(question, keptMs));
        }
        return question.asksForHistory() && snapshot != null
                ? goOn(question, cursor, answer, snapshot)
                : new WatchPlan(
                        answer.metric(),
                        cursor.numbering(),
                        cursor.sequence(),
                        true,
                        null,
                        0,
                        cursor.told(),
                        cursor.position(),
                        cursor.position().isEmpty() && !question.readsOldest() ? unplaced() : null);
    }

    /** In the middle of a history. */
    private static WatchPlan goOn(
            WatchQuestion question, WatchCursor cursor, WatchedHistory answer, LogPosition snapshot) {
        LogPosition begun = LogPosition.of(cursor.position());
        boolean sameLog = begun != null && begun.generation().equals(snapshot.generation());
        long nextMs = cursor.told().nextMs();
        SentWindows told = sameLog ? cursor.told() : SentWindows.none(nextMs, snapshot.nextOffset());
        WatchGap gap = sameLog
                ? null
                : gap(
                        Math.max(0, question.fromMs()),
                        nextMs,
                        "The channel was made anew: changes of what was told before are missing");
        long earliestMs = earliestMs(question);
        if (earliestMs > nextMs) {
            told = told.until(earliestMs, told.steps().getLast().offset());
            gap = gap(
                    sameLog ? nextMs : Math.max(0, question.fromMs()),
                    earliestMs,
                    "The history is longer by now than is told at once");
        }
        return new WatchPlan(
                answer.metric(),
                cursor.numbering(),
                cursor.sequence(),
                true,
                answer,
                snapshot.nextOffset(),
                told,
                sameLog ? cursor.position() : answer.position(),
                gap);
    }

    private static WatchGap unplaced() {
        return WatchGap.newBuilder()
                .setReason("The channel could not be read when the cursor was made: what has come since may be missing")
                .build();
    }

    private static WatchGap gap(long fromMs, long toMs, String reason) {
        return WatchGap.newBuilder()
                .setFrom(time(fromMs))
                .setTo(time(toMs))
                .setReason(reason + ", ask for the history anew")
                .build();
    }

    private static @Nullable WatchGap unread(WatchQuestion question, long keptMs) {
        long oldestMs = question.nowMs() - keptMs;
        if (!question.readsOldest() || question.fromMs() >= oldestMs) {
            return null;
        }
        return WatchGap.newBuilder()
                .setFrom(time(question.fromMs()))
                .setTo(time(Math.min(oldestMs, question.toMs())))
                .setReason("The channel does not keep readings for so long: windows are kept longer")
                .build();
    }

    private static Timestamp time(long ms) {
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(ms, 1_000))
                .setNanos((int) Math.floorMod(ms, 1_000L) * 1_000_000)
                .build();
    }
}
