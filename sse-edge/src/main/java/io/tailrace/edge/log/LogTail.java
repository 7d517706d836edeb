package io.tailrace.edge.log;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.edge.window.PartitionWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Reads what is new in the partitions that have streams, with one consumer, and hands each batch to the event loops that
 * hold its partition: one hand-off per read and loop.
 *
 * <p>A position that the log no longer has (retention, truncation, a topic created anew) is never guessed at: the brokers are
 * asked, the loops are told, and decide for their streams.
 *
 * <p>It has no thread and no clock: whoever drives it calls {@link #begin} and {@link #turn} from one thread. Other public
 * methods return at once and may be called from any thread.
 */
public final class LogTail {
    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
    private static final long HOUSEKEEPING_MS = 50;

    private final LogComparison comparison;
    private final LogVersions versions = new LogVersions();
    private final RecordFrames frames;
    private final EdgeSettings.Tail settings;
    private final Commands commands;
    private final Map<PartitionId, TailedPartition> partitions = new LinkedHashMap<>();
    private final Assignment assignment;
    private final TopicWatch watch;
    private final OpenQuestions unanswered = new OpenQuestions();
    private volatile TailStats stats = TailStats.NONE;
    private long nowMs;
    private long housekeptAtMs;
    private long pausesTotal;

    /** What a turn has come to. */
    public enum Turn {
        /** It has read, or waited for something to read. */
        READ,
        /** An event loop does not keep up; it must be given a moment. */
        PAUSED,
        /** Brokers have not said yet where what is wanted begins. */
        UNPLACED,
        /** Nobody wants anything. */
        IDLE
    }

    /**
     * A tail that has not begun.
     *
     * @param consumer read-committed and without automatic reset; used by the thread that drives it, but for its wakeup
     * @param spans of what is delivered; null for none
     */
    public LogTail(
            Consumer<byte[], byte[]> consumer,
            LogFacts facts,
            EpochEnds ends,
            RecordFrames frames,
            EdgeSettings.Tail settings,
            @Nullable DeliverySpans spans) {
        this.comparison = new LogComparison(facts, ends);
        this.frames = frames;
        this.settings = settings;
        this.commands = new Commands(consumer::wakeup);
        this.assignment = new Assignment(consumer, spans);
        this.watch = new TopicWatch(facts, partitions, commands::add);
    }

    /** The loop wants the partition: it is greeted with what is known, and gets every batch from there on. */
    public void subscribe(LoopInbox loop, PartitionId partition) {
        commands.add(() -> partitions
                .computeIfAbsent(
                        partition, id -> new TailedPartition(id, frames.topicPartition(id), settings.windowBytes()))
                .add(loop));
    }

    /** The loop does not want the partition any more. */
    public void release(LoopInbox loop, PartitionId partition) {
        commands.add(() -> {
            TailedPartition tailed = partitions.get(partition);
            if (tailed != null) {
                tailed.remove(loop, nowMs);
            }
        });
    }

    /**
     * Tells the loop which generation the topic has, how far the log reaches and where {@code epoch} ends, from a broker and
     * no cache. Tries again until there is an answer of the leader whose log was compared last, or the loop has released the
     * partition.
     */
    public void requestLogEnd(LoopInbox loop, PartitionId partition, int epoch, long ask) {
        comparison
                .end(partition, epoch)
                .whenComplete((answer, fault) -> commands.add(() -> {
                    TailedPartition tailed = partitions.get(partition);
                    if (tailed == null || !tailed.loops().contains(loop)) {
                        return;
                    }
                    // Whatever fails below, it is asked again.
                    Runnable again = unanswered.add(
                            nowMs + settings.retryBackoff().toMillis(),
                            () -> requestLogEnd(loop, partition, epoch, ask));
                    if (fault == null && isAboutWhatIsRead(tailed, answer)) {
                        Generation generation = answer.facts().generation();
                        loop.post(core -> core.onLogEnd(partition, generation, answer.end(), ask), 0);
                        unanswered.remove(again);
                    }
                }));
    }

    private boolean isAboutWhatIsRead(TailedPartition tailed, LogComparison.End answer) {
        watch.found(answer.facts().partition().namespace(), answer.facts().generation(), this::lose);
        PartitionWindow window = tailed.window();
        Generation generation = tailed.generation();
        if (window == null || generation == null) {
            return false;
        }
        LogComparison.Leader leader = answer.leader(generation, tailed.comparedEpoch(), window.head());
        if (leader == LogComparison.Leader.LATER) {
            lose(tailed.topicPartition());
        }
        return leader == LogComparison.Leader.COMPARED;
    }

    /** What is in memory of a partition; empty if it is not being read. */
    public CompletableFuture<Optional<WindowView>> window(PartitionId partition) {
        CompletableFuture<Optional<WindowView>> answer = new CompletableFuture<>();
        commands.add(() ->
                answer.complete(Optional.ofNullable(partitions.get(partition)).flatMap(TailedPartition::view)));
        return answer;
    }

    /** The generation of a namespace's topic that is being read, or null if none is. */
    public @Nullable Generation generation(int namespace) {
        return watch.generation(namespace);
    }

    /** Which log of a partition it is that is read: another number each time that what was read before is of no use. */
    public long logVersion(PartitionId partition) {
        return versions.of(partition);
    }

    /** Counts as of the last turn, without the reads that have failed, which whoever drives it counts. */
    public TailStats stats() {
        return stats;
    }

    /** Ends a wait for commands, and what the consumer waits for. */
    void wake() {
        commands.add(() -> {});
    }

    /**
     * The consumer is a new one, or its positions are doubtful because a turn has failed: a batch may have been lost between
     * reading and handing out. The brokers are asked anew, the loops are greeted anew, and their streams read what they miss
     * from the log.
     */
    public void begin(long nowMs) {
        this.nowMs = nowMs;
        assignment.clear().forEach(partition -> partition.lose(nowMs));
    }

    /**
     * Runs what was asked, looks after the partitions, and reads once.
     *
     * @param nowMs by a clock that nobody sets
     * @param poll how long the consumer may wait for something to read
     * @throws org.apache.kafka.common.KafkaException what the consumer throws of which it keeps its positions: the next turn may
     *     follow
     */
    public Turn turn(long nowMs, Duration poll) {
        this.nowMs = nowMs;
        try {
            commands.run();
            housekeep();
            if (isLoopSlow()) {
                return Turn.PAUSED;
            }
            if (assignment.isEmpty()) {
                return partitions.isEmpty() ? Turn.IDLE : Turn.UNPLACED;
            }
            List<TopicPartition> doubtful = new ArrayList<>(0);
            assignment.handOut(poll, doubtful);
            doubtful.forEach(this::lose);
        } catch (WakeupException e) {
            LOG.trace("woken by a command");
        } catch (OffsetOutOfRangeException e) {
            LOG.warn("{}: the next offset is out of range", e.offsetOutOfRangePartitions());
            e.offsetOutOfRangePartitions().keySet().forEach(this::lose);
        }
        return Turn.READ;
    }

    /** Waits for something that is asked, and does it. */
    void await(long timeoutMs) {
        try {
            commands.await(timeoutMs);
        } catch (InterruptedException e) {
            LOG.debug("interrupted while it waits for a command", e);
        }
    }

    /** A loop that does not keep up must not make its inbox grow: reading waits for it. */
    private boolean isLoopSlow() {
        for (TailedPartition partition : assignment.partitions()) {
            for (LoopInbox loop : partition.loops()) {
                if (loop.backlogBytes() > settings.backlogBytes()) {
                    pausesTotal++;
                    return true;
                }
            }
        }
        return false;
    }

    private void housekeep() {
        if (nowMs - housekeptAtMs < HOUSEKEEPING_MS) {
            return;
        }
        housekeptAtMs = nowMs;
        List<TailedPartition> idle = partitions.values().stream()
                .filter(partition ->
                        partition.isIdleSince(nowMs - settings.linger().toMillis()))
                .toList();
        for (TailedPartition partition : idle) {
            // Nobody will notice if its log is truncated.
            versions.next(partition.id());
            partitions.remove(partition.id());
            assignment.remove(partition.topicPartition());
        }
        for (TailedPartition partition : partitions.values()) {
            if (partition.resolveAtMs() <= nowMs) {
                resolve(partition);
            }
        }
        unanswered.askDue(nowMs);
        if (watch.isDue(nowMs, settings.checkInterval().toMillis())) {
            watch.check(this::lose);
        }
        stats = TailStats.of(partitions.values(), assignment, pausesTotal);
    }

    private void resolve(TailedPartition partition) {
        partition.awaitResolution();
        comparison
                .find(partition.id(), partition.lost())
                .whenComplete((answer, fault) -> commands.add(() -> {
                    if (partitions.get(partition.id()) != partition) {
                        return;
                    }
                    if (fault == null) {
                        tail(partition, answer);
                    } else {
                        int times = partition.resolveFailed(
                                nowMs, settings.retryBackoff().toMillis());
                        LOG.atLevel(times == 1 ? Level.WARN : Level.DEBUG)
                                .log(
                                        "{} can't be read yet: {}",
                                        partition.topicPartition(),
                                        KafkaLogFacts.reason(fault));
                    }
                }));
    }

    private void tail(TailedPartition partition, LogComparison.Found found) {
        PartitionFacts now = found.facts();
        try {
            watch.found(partition.id().namespace(), now.generation(), this::lose);
            if (partition.lost() != null) {
                // Replays may have read beyond what was compared.
                versions.next(partition.id());
            }
            assignment.add(partition, now.head(), now.headEpoch());
        } catch (RuntimeException | Error e) {
            partition.lose(nowMs);
            partition.tellUnavailable();
            throw e;
        }
        if (found.divergence() != LogComparison.NOWHERE) {
            LOG.warn(
                    "{}: the log was truncated at offset {}",
                    partition.topicPartition(),
                    found.divergence().offset());
        }
        partition.resolved(found, versions.of(partition.id()));
    }

    private void lose(TopicPartition topicPartition) {
        TailedPartition partition = assignment.remove(topicPartition);
        if (partition != null) {
            partition.lose(nowMs);
            resolve(partition);
        }
    }
}
