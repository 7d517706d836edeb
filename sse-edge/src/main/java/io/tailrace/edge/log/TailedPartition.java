package io.tailrace.edge.log;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.stream.StreamLoop;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.edge.window.PartitionWindow;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One partition that the tailer reads or tries to read, and the loops that want it. Belongs to the tailer's thread. */
final class TailedPartition {
    private static final int MAX_BACKOFF_DOUBLINGS = 4;

    /** What is known once the brokers have answered. */
    private record Position(Generation generation, PartitionWindow window) {}

    private final PartitionId id;
    private final TopicPartition topicPartition;
    private final long maxWindowBytes;
    private final Set<LoopInbox> loops = new LinkedHashSet<>();
    private @Nullable Position position;
    /** What was read before the position was lost; null if none was lost since the brokers have answered. */
    private @Nullable ReadLog lost;

    private long logVersion;
    /** Of the leader whose log was compared with what was read. */
    private int comparedEpoch = Cursor.NO_EPOCH;

    private long logStart;
    private boolean unavailable;
    private long idleSinceMs;
    private long resolveAtMs;
    private int failures;

    TailedPartition(PartitionId id, TopicPartition topicPartition, long maxWindowBytes) {
        this.id = id;
        this.topicPartition = topicPartition;
        this.maxWindowBytes = maxWindowBytes;
    }

    PartitionId id() {
        return id;
    }

    TopicPartition topicPartition() {
        return topicPartition;
    }

    Set<LoopInbox> loops() {
        return loops;
    }

    /** Whether it has a position, so that the consumer can read it. */
    boolean isTailing() {
        return position != null;
    }

    boolean isUnavailable() {
        return unavailable;
    }

    /** The generation that is read, or null before the first answer. */
    @Nullable
    Generation generation() {
        Position at = position;
        return at == null ? null : at.generation;
    }

    /** The newest batches; null before the first answer. */
    @Nullable
    PartitionWindow window() {
        Position at = position;
        return at == null ? null : at.window;
    }

    /** Bytes of the batches in memory. */
    long windowBytes() {
        Position at = position;
        return at == null ? 0 : at.window.byteSize();
    }

    /** What is in memory; empty before the first answer. */
    Optional<WindowView> view() {
        Position at = position;
        return at == null
                ? Optional.empty()
                : Optional.of(new WindowView(
                        at.generation,
                        at.window.start(),
                        at.window.head(),
                        at.window.headEpoch(),
                        at.window.batches()));
    }

    void add(LoopInbox loop) {
        loops.add(loop);
        greet(List.of(loop));
    }

    void remove(LoopInbox loop, long nowMs) {
        loops.remove(loop);
        idleSinceMs = nowMs;
    }

    boolean isIdleSince(long beforeMs) {
        return loops.isEmpty() && idleSinceMs <= beforeMs;
    }

    /** When to ask the brokers (again) where it is; {@link Long#MAX_VALUE} while an answer is awaited or known. */
    long resolveAtMs() {
        return resolveAtMs;
    }

    void awaitResolution() {
        resolveAtMs = Long.MAX_VALUE;
    }

    /** What was read before the position was lost, to be compared with the log; null if nothing was. */
    @Nullable
    ReadLog lost() {
        return lost;
    }

    /** Forgets where it was: the position is no longer one of the log. */
    void lose(long resolveAgainAtMs) {
        Position at = position;
        lost = at == null ? lost : ReadLog.of(at.generation, at.window);
        position = null;
        resolveAtMs = resolveAgainAtMs;
    }

    /**
     * The brokers did not say where it is.
     *
     * @param backoffMs the first pause; each further one is twice as long, up to {@value #MAX_BACKOFF_DOUBLINGS} times
     * @return how often that has happened in a row
     */
    int resolveFailed(long nowMs, long backoffMs) {
        resolveAtMs = nowMs + (backoffMs << Math.min(failures, MAX_BACKOFF_DOUBLINGS));
        tellUnavailable();
        return ++failures;
    }

    /**
     * The brokers have said where it is.
     *
     * @param found what they have said
     * @param logVersion of the log that is read from now on
     */
    void resolved(LogComparison.Found found, long logVersion) {
        PartitionFacts facts = found.facts().of(logVersion);
        LogComparison.Divergence divergence = found.divergence();
        comparedEpoch = found.leaderEpoch();
        position =
                new Position(facts.generation(), new PartitionWindow(facts.head(), facts.headEpoch(), maxWindowBytes));
        boolean rejoined = lost != null && lost.generation().equals(facts.generation());
        lost = null;
        this.logVersion = logVersion;
        logStart = facts.logStart();
        if (divergence != LogComparison.NOWHERE) {
            tell(loop -> loop.onTruncated(facts, divergence.offset(), divergence.epoch()));
        } else if (rejoined) {
            tell(loop -> loop.onRejoined(facts));
        }
        resolveAtMs = Long.MAX_VALUE;
        unavailable = false;
        failures = 0;
        greet(loops);
    }

    /** It has a leader again. */
    void tellAvailable() {
        if (unavailable && position != null) {
            unavailable = false;
            greet(loops);
        }
    }

    void tellUnavailable() {
        if (!unavailable) {
            unavailable = true;
            tell(loop -> loop.onPartitionUnavailable(id));
        }
    }

    void startedAt(long start) {
        Position at = position;
        if (at != null && start > logStart) {
            logStart = start;
            tell(loop -> loop.onLogStart(id, at.generation, start));
        }
    }

    /**
     * Whether records are of the leader whose log was compared. Those of another one, also of an earlier one, may be of a log in
     * which what was read before is not: Kafka's consumer compares the offset where its epoch ends and not the epochs, and so
     * does not notice each log that was cut.
     */
    boolean isCompared(Batch batch) {
        return comparedEpoch == Cursor.NO_EPOCH
                || batch.leaderEpoch() == Cursor.NO_EPOCH
                || batch.leaderEpoch() == comparedEpoch;
    }

    /** Of the leader whose log was compared with what was read before; {@link Cursor#NO_EPOCH} if it is not known. */
    int comparedEpoch() {
        return comparedEpoch;
    }

    /** Whether the log of the leader with an epoch, or of a later leader, was compared with what was read. */
    boolean isComparedWith(int leaderEpoch) {
        return comparedEpoch == Cursor.NO_EPOCH || leaderEpoch <= comparedEpoch;
    }

    /** Keeps the batch for loops that come later. */
    void append(Batch batch) {
        Position at = position;
        if (at != null) {
            at.window.append(batch);
        }
    }

    void tell(Consumer<StreamLoop> input) {
        loops.forEach(loop -> loop.post(input, 0));
    }

    private void greet(Iterable<LoopInbox> greeted) {
        Position at = position;
        for (LoopInbox loop : greeted) {
            if (at != null) {
                long head = at.window.head();
                PartitionFacts facts = new PartitionFacts(
                        id, at.generation, Math.min(logStart, head), head, at.window.headEpoch(), logVersion);
                List<Batch> batches = at.window.batches();
                loop.post(core -> core.onPartitionReady(facts, batches), 0);
            }
            if (unavailable) {
                loop.post(core -> core.onPartitionUnavailable(id), 0);
            }
        }
    }
}
