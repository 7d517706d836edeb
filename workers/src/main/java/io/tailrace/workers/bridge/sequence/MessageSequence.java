package io.tailrace.workers.bridge.sequence;

import io.tailrace.workers.bridge.sequence.SourceMessage.CaughtUp;
import io.tailrace.workers.bridge.sequence.SourceMessage.Gap;
import io.tailrace.workers.bridge.sequence.SourceMessage.Point;
import io.tailrace.workers.bridge.sequence.SourceMessage.Silence;
import io.tailrace.workers.bridge.sequence.SourceMessage.Started;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one call to a source, put in order. Messages that come too early wait for those before them, at most {@link
 * Bounds#capacity} of them and each no longer than {@link Bounds#waitMs}; then what is missing is a gap. What comes again, or behind the gap
 * that it is in, is dropped.
 *
 * <p>If the source's numbering has another name than that of the position, or begins anew under the same one, the source has forgotten how
 * far it was: everything from the last reading to the first one of the new numbering may be missing, and that is one gap. Readings of its
 * history that are not later than the last reading are then taken for ones that were copied.
 *
 * <p>Pure, and confined to one thread. Times are milliseconds of any clock that does not jump back.
 */
public final class MessageSequence {
    private final Bounds bounds;
    private final WaitingMessages waiting = new WaitingMessages();
    private final List<Copied> out = new ArrayList<>();
    private SourcePosition position;
    private @Nullable String epoch;
    private long next;

    /** The last number that was told as missing. */
    private long toldUpTo;

    /** The last number of a gap that the source has announced: the numbers from the next one up to it are told as missing already. */
    private long announcedUpTo;

    /** Of a numbering that was forgotten; its gap is told when it is known where it ends. */
    private @Nullable SourcePosition forgotten;

    private long forgottenSinceMs;
    private @Nullable Instant knownUpTo;
    private boolean caughtUp;
    private String reachedCursor = "";
    private long readings;
    private long duplicates;
    private long refused;
    private long conflated;
    private long gaps;

    /**
     * Its bounds.
     *
     * @param capacity how many messages may wait for one before them
     * @param waitMs how long
     * @param onlyNewer whether readings have to be later than those before them: states of windows repeat the latest reading
     * @param maxFuture how far ahead of the present a reading may be dated
     */
    public record Bounds(int capacity, long waitMs, boolean onlyNewer, Duration maxFuture) {
        /** Checks the ranges. */
        public Bounds {
            if (capacity < 1 || waitMs < 1) {
                throw new IllegalArgumentException(
                        "capacity " + capacity + ", wait " + waitMs + " ms; expected at least 1 each");
            }
        }
    }

    /** A sequence that goes on behind a position. */
    public MessageSequence(SourcePosition position, Bounds bounds) {
        this.position = position;
        this.bounds = bounds;
    }

    /** How far everything that was handed out goes; to be stored once that is in the log. */
    public SourcePosition position() {
        return position;
    }

    /** What it has done so far. */
    public SequenceCounts counts() {
        return new SequenceCounts(readings, duplicates, refused, conflated, gaps);
    }

    /** Whether the source has begun to answer. */
    public boolean hasBegun() {
        return epoch != null;
    }

    /** Whether the history has been told. */
    public boolean isCaughtUp() {
        return caughtUp;
    }

    /** Whether something waits for the time to pass: {@link #elapse} is to be called. */
    public boolean isWaiting() {
        return !waiting.isEmpty() || forgotten != null;
    }

    /**
     * Takes a message.
     *
     * @param now the time of day
     * @return what can be written now
     * @throws InvalidSource if no source may say so; nothing of the message counts then
     */
    public List<Copied> accept(SourceMessage message, long nowMs, Instant now) throws InvalidSource {
        check(message);
        if (epoch == null) {
            if (!(message.event() instanceof Started started)) {
                throw new InvalidSource("the first message of the call is not \"started\"");
            }
            start(started, message, nowMs);
        } else if (message.event() instanceof Started) {
            throw new InvalidSource("a second message \"started\"");
        } else {
            order(message, nowMs, now);
        }
        return taken();
    }

    /**
     * Lets time pass.
     *
     * @param now the time of day
     * @return what can be written now
     */
    public List<Copied> elapse(long nowMs, Instant now) {
        drain(nowMs, now);
        if (forgotten != null && nowMs - forgottenSinceMs >= bounds.waitMs()) {
            tellForgotten(now);
        }
        return taken();
    }

    private static void check(SourceMessage message) throws InvalidSource {
        if (message.sequence() < 0 || message.sequence() == Long.MAX_VALUE) {
            throw new InvalidSource("a sequence number of " + Long.MAX_VALUE + " or above");
        }
        if (message.event() instanceof Gap(long first, long last, var _, var _, var _)
                && (first < 0 || last < 0 || last == Long.MAX_VALUE || (last != 0 && first > last))) {
            throw new InvalidSource("a gap from " + first + " to " + last);
        }
    }

    private List<Copied> taken() {
        List<Copied> taken = List.copyOf(out);
        out.clear();
        return taken;
    }

    private void start(Started started, SourceMessage message, long nowMs) throws InvalidSource {
        if (started.epoch().isEmpty()) {
            throw new InvalidSource("a numbering without a name (\"epoch\")");
        }
        epoch = started.epoch();
        String before = position.epoch();
        long number = message.sequence();
        if (before == null) {
            next = number + 1;
            reachedCursor = message.cursor();
            position = new SourcePosition(epoch, number, reachedCursor, position.lastAt());
        } else if (before.equals(epoch) && (started.resumed() || number >= position.sequence())) {
            next = position.sequence() + 1;
            reachedCursor = position.cursor();
            goOn(started, message);
        } else {
            forgotten = position;
            forgottenSinceMs = nowMs;
            reachedCursor = message.cursor();
            next = number + 1;
            knownUpTo = position.lastAt();
        }
    }

    /**
     * The numbering goes on. A source that numbers this message, too, says the next number in a call that resumes; one that does not resume
     * says where it is, and what is in between is missing.
     */
    private void goOn(Started started, SourceMessage message) throws InvalidSource {
        long number = message.sequence();
        if (started.resumed() && number != 0 && number < position.sequence()) {
            throw new InvalidSource("a call that resumes behind " + position.sequence() + " with the number " + number);
        }
        if (!started.resumed()) {
            knownUpTo = position.lastAt();
        }
        if (number < next) {
            return;
        }
        long lastMissing = started.resumed() ? number - 1 : number;
        if (lastMissing >= next) {
            missing(next, lastMissing, null, "The source did not resume where the bridge was");
        }
        next = number + 1;
        if (!message.cursor().isEmpty()) {
            reachedCursor = message.cursor();
        }
        position = new SourcePosition(epoch, number, reachedCursor, position.lastAt());
    }

    private void order(SourceMessage message, long nowMs, Instant now) throws InvalidSource {
        long number = message.sequence();
        if (number == 0) {
            throw new InvalidSource("a message without a sequence number");
        }
        if (number < next || waiting.has(number)) {
            duplicates++;
            return;
        }
        waiting.add(message, nowMs);
        drain(nowMs, now);
    }

    private void drain(long nowMs, Instant now) {
        while (!waiting.isEmpty()) {
            long number = waiting.first();
            if (number == next) {
                next = number + 1;
                deliver(waiting.poll(), now);
            } else if (announcedUpTo >= next) {
                long last = Math.min(announcedUpTo, number - 1);
                toldUpTo = Math.max(toldUpTo, last);
                next = last + 1;
            } else {
                Gap known = waiting.gapOf(next);
                boolean overdue = waiting.size() > bounds.capacity() || waiting.longestMs(nowMs) >= bounds.waitMs();
                if (known == null && !overdue) {
                    return;
                }
                long last = known == null ? number - 1 : Math.min(known.last(), number - 1);
                missing(next, last, known, known == null ? "The source did not send these messages" : known.reason());
                next = last + 1;
            }
        }
    }

    private void missing(long first, long last, @Nullable Gap known, String reason) {
        toldUpTo = Math.max(toldUpTo, last);
        Instant from = known == null || known.from() == null ? position.lastAt() : known.from();
        Instant to = known == null || known.to() == null ? waiting.firstAt() : known.to();
        tell(new Copied.Gap(String.valueOf(epoch), first - 1, first, last, from, to, reason));
    }

    private void tell(Copied.Gap gap) {
        out.add(gap);
        gaps++;
    }

    private void deliver(SourceMessage message, Instant now) {
        conflated += message.conflated();
        if (message.sequence() <= announcedUpTo) {
            // It comes after all: what the source has announced counts for nothing.
            announcedUpTo = 0;
        }
        Instant lastAt = forgotten == null ? position.lastAt() : forgotten.lastAt();
        switch (message.event()) {
            case Point point -> lastAt = reading(point, message.sequence(), now);
            case CaughtUp _ -> {
                caughtUp = true;
                knownUpTo = null;
            }
            case Gap gap -> gapAt(gap, message.sequence());
            case Silence _, Started _ -> {
                // Says nothing that is to be written.
            }
        }
        if (!message.cursor().isEmpty()) {
            reachedCursor = message.cursor();
        }
        if (forgotten == null) {
            position = new SourcePosition(epoch, next - 1, reachedCursor, lastAt);
        }
    }

    /** Writes a reading if it is one that is to be written; gives the time of the latest one. */
    private @Nullable Instant reading(Point point, long sequence, Instant now) {
        Instant lastAt = forgotten == null ? position.lastAt() : forgotten.lastAt();
        boolean isKnown = knownUpTo != null && !point.at().isAfter(knownUpTo);
        boolean isOld = bounds.onlyNewer() && lastAt != null && !point.at().isAfter(lastAt);
        if (isKnown || isOld) {
            duplicates++;
            return lastAt;
        }
        boolean isValid = Double.isFinite(point.value())
                && point.value() > 0
                && !point.at().isBefore(Instant.EPOCH)
                && !point.at().isAfter(now.plus(bounds.maxFuture()));
        if (!isValid) {
            refused++;
            return lastAt;
        }
        if (forgotten != null) {
            // A late reading does not say where the gap ends.
            tellForgotten(lastAt == null || point.at().isAfter(lastAt) ? point.at() : now);
        }
        out.add(new Copied.Reading(String.valueOf(epoch), sequence, point.at(), point.value()));
        readings++;
        return lastAt == null || point.at().isAfter(lastAt) ? point.at() : lastAt;
    }

    private void gapAt(Gap gap, long sequence) {
        if (gap.last() != 0 && gap.last() <= toldUpTo) {
            return;
        }
        Long first = gap.first() == 0 ? null : gap.first();
        Long last = gap.last() == 0 ? null : gap.last();
        tell(new Copied.Gap(String.valueOf(epoch), sequence - 1, first, last, gap.from(), gap.to(), gap.reason()));
        if (gap.last() > sequence && gap.first() <= sequence + 1) {
            // Of numbers that follow. They are not waited for, and not skipped before one behind them has come: the
            // source may be wrong.
            announcedUpTo = gap.last();
        }
    }

    /** Tells that a numbering was forgotten, and that everything up to {@code to} may be missing. */
    private void tellForgotten(Instant to) {
        SourcePosition before = forgotten;
        if (before == null) {
            return;
        }
        forgotten = null;
        tell(new Copied.Gap(
                String.valueOf(before.epoch()),
                before.sequence(),
                before.sequence() + 1,
                null,
                before.lastAt(),
                to,
                "The source has lost its memory and began another numbering"));
        position = new SourcePosition(epoch, next - 1, reachedCursor, before.lastAt());
    }
}
