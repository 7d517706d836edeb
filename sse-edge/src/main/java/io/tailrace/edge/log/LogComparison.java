package io.tailrace.edge.log;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.stream.LogEnd;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the brokers where a partition stands, and how much of what was read of it is still in its log. Each answer is of one
 * leader. Answers come, or fail, as those of {@link LogFacts} and {@link EpochEnds}. Thread-safe.
 */
public final class LogComparison {
    /** Nothing was truncated. */
    public static final Divergence NOWHERE = new Divergence(-1, Cursor.NO_EPOCH);

    private final LogFacts facts;
    private final EpochEnds ends;

    /** Compares by the answers to these questions. */
    public LogComparison(LogFacts facts, EpochEnds ends) {
        this.facts = facts;
        this.ends = ends;
    }

    /**
     * A partition now.
     *
     * @param facts of it; the epoch is the one of the last record before the head
     * @param leaderEpoch of the leader that has said so; {@link Cursor#NO_EPOCH} if it is not known
     * @param divergence where its log and what was read have parted; {@link #NOWHERE} if it is all there
     */
    public record Found(PartitionFacts facts, int leaderEpoch, Divergence divergence) {}

    /**
     * A partition's end.
     *
     * @param facts of it; the epoch is the leader's
     * @param end of it and of the epoch that was asked for
     */
    public record End(PartitionFacts facts, LogEnd end) {
        /**
         * Which leader has given it, so whether it can be held against what was read. The log of a later leader must be compared
         * first, and the answer of an earlier one came late.
         *
         * @param read the topic of which was read
         * @param comparedEpoch of the leader whose log was compared last with what was read; {@link Cursor#NO_EPOCH} if it is not
         *     known
         * @param readTo the offset after what was read
         */
        Leader leader(Generation read, int comparedEpoch, long readTo) {
            if (!facts.generation().equals(read)) {
                return Leader.OF_ANOTHER_TOPIC;
            }
            int epoch = end.leaderEpoch();
            if (comparedEpoch == Cursor.NO_EPOCH || epoch == Cursor.NO_EPOCH) {
                // A log that is shorter than what was read was truncated, whoever leads.
                return facts.head() < readTo ? Leader.LATER : Leader.COMPARED;
            }
            return epoch == comparedEpoch ? Leader.COMPARED : epoch > comparedEpoch ? Leader.LATER : Leader.EARLIER;
        }
    }

    /** Who has answered, seen from the leader whose log was compared last. */
    enum Leader {
        /** The same one. */
        COMPARED,
        /** One that leads no more. */
        EARLIER,
        /** One that leads since. */
        LATER,
        /** One of the topic as it was before, or is since, it was created anew. */
        OF_ANOTHER_TOPIC
    }

    /**
     * The end of what two logs have in common.
     *
     * @param offset after their last common record
     * @param epoch of that record; {@link Cursor#NO_EPOCH} if it is not known
     */
    public record Divergence(long offset, int epoch) {
        private static Divergence at(long offset) {
            return new Divergence(offset, Cursor.NO_EPOCH);
        }
    }

    /**
     * Looks at a partition.
     *
     * @param read what was read of it before; null if nothing was
     */
    public CompletionStage<Found> find(PartitionId partition, @Nullable ReadLog read) {
        return facts.facts(partition).thenCompose(now -> {
            CompletionStage<Divergence> divergence =
                    read == null || !read.generation().equals(now.generation())
                            ? CompletableFuture.completedFuture(NOWHERE)
                            : divergence(now, read.newestFirst(), 0);
            return exact(now)
                    .thenCombine(divergence, (facts, at) -> new Found(facts, now.headEpoch(), at))
                    .thenCompose(found -> byOneLeader(now, found));
        });
    }

    /**
     * How far a partition reaches and where {@code epoch} ends in it, if that is over.
     *
     * @param epoch any that a client may have written; {@link Cursor#NO_EPOCH} for none
     */
    public CompletionStage<End> end(PartitionId partition, int epoch) {
        return facts.facts(partition).thenCompose(now -> {
            int leaderEpoch = now.headEpoch();
            if (epoch == Cursor.NO_EPOCH || epoch >= leaderEpoch) {
                return CompletableFuture.completedFuture(new End(now, new LogEnd(now.head(), leaderEpoch)));
            }
            return end(now, epoch)
                    .thenApply(end ->
                            new End(now, new LogEnd(now.head(), leaderEpoch, epoch, end.epoch(), end.endOffset())))
                    .thenCompose(end -> byOneLeader(now, end));
        });
    }

    /** Where an epoch ends, in the topic that the facts are of and in no other one that was made meanwhile. */
    private CompletionStage<EpochEnds.EpochEnd> end(PartitionFacts now, int epoch) {
        return ends.end(now.partition(), epoch, now.headEpoch())
                .thenCompose(end -> facts.topic(now.partition().namespace()).thenApply(topic -> {
                    if (!topic.generation().equals(now.generation())) {
                        throw new UnknownTopicIdException("the topic was created anew while it was asked for");
                    }
                    return end;
                }));
    }

    /**
     * What was found by several questions, if one leader has answered them all: two that follow each other may have logs of
     * which both answers are true and neither together. Fails if it may have been another one.
     */
    private <T> CompletionStage<T> byOneLeader(PartitionFacts first, T found) {
        if (first.headEpoch() == Cursor.NO_EPOCH) {
            return CompletableFuture.completedFuture(found);
        }
        return facts.leaderEpochs(List.of(first.partition())).thenApply(epochs -> {
            Integer last = epochs.get(first.partition());
            if (last == null || last != first.headEpoch()) {
                throw new NotLeaderOrFollowerException("the leader of epoch " + first.headEpoch()
                        + " was asked, and now " + (last == null ? "nobody answers" : last + " leads"));
            }
            return found;
        });
    }

    /**
     * The facts say which epoch the leader has. Where it has no records yet, it is not one of the log: another leader may
     * follow that has never heard of it.
     */
    private CompletionStage<PartitionFacts> exact(PartitionFacts now) {
        int leaderEpoch = now.headEpoch();
        if (now.head() == 0 || leaderEpoch <= 0) {
            return CompletableFuture.completedFuture(now);
        }
        return end(now, leaderEpoch - 1).thenApply(before -> {
            boolean hasRecords = before.epoch() == Cursor.NO_EPOCH || before.endOffset() < now.head();
            return new PartitionFacts(
                    now.partition(),
                    now.generation(),
                    now.logStart(),
                    now.head(),
                    hasRecords ? leaderEpoch : before.epoch(),
                    now.logVersion());
        });
    }

    /**
     * As a follower does it that comes back (KIP-101): of the epochs that were read, newest first, the first one that the log
     * has too is where both are one, up to the end that comes first.
     */
    private CompletionStage<Divergence> divergence(PartitionFacts now, List<ReadLog.Span> newestFirst, int at) {
        if (at == newestFirst.size()) {
            // Older epochs are not in memory any more. Nothing that was read is known to be there.
            return CompletableFuture.completedFuture(Divergence.at(now.logStart()));
        }
        ReadLog.Span span = newestFirst.get(at);
        if (span.epoch() == Cursor.NO_EPOCH || now.headEpoch() == Cursor.NO_EPOCH) {
            return CompletableFuture.completedFuture(byOffset(now, span, at));
        }
        if (span.epoch() > now.headEpoch()) {
            return divergence(now, newestFirst, at + 1);
        }
        return end(now, span.epoch()).thenCompose(end -> {
            if (end.epoch() == Cursor.NO_EPOCH) {
                return CompletableFuture.completedFuture(byOffset(now, span, at));
            }
            if (end.epoch() != span.epoch()) {
                return divergence(now, newestFirst, at + 1);
            }
            boolean whole = at == 0 && end.endOffset() >= span.to();
            return CompletableFuture.completedFuture(
                    whole ? NOWHERE : new Divergence(Math.min(end.endOffset(), span.to()), span.epoch()));
        });
    }

    private static Divergence byOffset(PartitionFacts now, ReadLog.Span span, int at) {
        if (at > 0) {
            return Divergence.at(now.logStart());
        }
        return now.head() < span.to() ? Divergence.at(now.head()) : NOWHERE;
    }
}
