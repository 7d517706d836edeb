package io.tailrace.edge.log;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.stream.LogEnd;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.edge.window.PartitionWindow;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.kafka.ClientOnDemand;
import io.tailrace.kit.time.MonotonicTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Reads what is new in the partitions that have streams, with one thread and one consumer, and hands each batch to the
 * event loops that hold its partition: one hand-off per read and loop.
 *
 * <p>It never gives up: a broker that is away costs time and no position. A position that the log no longer has
 * (retention, truncation, a topic created anew) is never guessed at: the loops are told, and decide for their streams.
 * Public methods return at once and may be called from any thread.
 */
public final class Tailer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tailer.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long HOUSEKEEPING_MS = 50;
    private static final long CLOSE_TIMEOUT_MS = 5_000;

    private final Consumer<byte[], byte[]> consumer;
    private final LogFacts facts;
    private final EpochEnds ends;
    private final LogComparison comparison;
    private final LogVersions versions = new LogVersions();
    private final RecordFrames frames;
    private final EdgeSettings.Tail settings;
    private final ClientOnDemand<Consumer<byte[], byte[]>> client;
    private final SupervisedLoop loop;
    private final Thread thread;
    private final Commands commands;
    private final Map<PartitionId, TailedPartition> partitions = new LinkedHashMap<>();
    private final Assignment assignment;
    private final TopicWatch watch;
    private volatile TailStats stats = TailStats.NONE;
    private long housekeptAtMs;
    private long pausesTotal;

    /**
     * A tailer that is not started.
     *
     * @param client of a consumer that is read-committed, without automatic reset; it belongs to the tailer from now on
     * @param spans of what is delivered; null for none
     */
    public Tailer(
            ClientOnDemand<Consumer<byte[], byte[]>> client,
            LogFacts facts,
            EpochEnds ends,
            RecordFrames frames,
            EdgeSettings.Tail settings,
            @Nullable DeliverySpans spans) {
        this.client = client;
        this.consumer = client.client();
        this.facts = facts;
        this.ends = ends;
        this.comparison = new LogComparison(facts::facts, ends);
        this.frames = frames;
        this.settings = settings;
        this.commands = new Commands(consumer::wakeup);
        this.assignment = new Assignment(consumer, spans);
        this.watch = new TopicWatch(facts, partitions, commands::add);
        this.loop = new SupervisedLoop("edge-tailer", settings.backoff(), this::read);
        this.thread = Thread.ofPlatform().daemon().name("edge-tailer").unstarted(loop);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
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
                tailed.remove(loop, nowMs());
            }
        });
    }

    /**
     * Tells the loop which generation the topic has, how far the log reaches and where {@code epoch} ends, from a broker and
     * no cache. Tries again until there is an answer or the loop has released the partition.
     */
    public void requestLogEnd(LoopInbox loop, PartitionId partition, int epoch, long ask) {
        record Answer(PartitionFacts facts, LogEnd end) {}
        facts.facts(partition)
                .thenCompose(now -> end(now, epoch).thenApply(end -> new Answer(now, end)))
                .whenComplete((answer, fault) -> commands.add(() -> {
                    TailedPartition tailed = partitions.get(partition);
                    if (tailed == null || !tailed.loops().contains(loop)) {
                        return;
                    }
                    if (fault == null) {
                        Generation generation = answer.facts().generation();
                        watch.found(partition.namespace(), generation, this::lose);
                        loseIfShorter(tailed, answer.facts());
                        loop.post(core -> core.onLogEnd(partition, generation, answer.end(), ask), 0);
                    } else {
                        CompletableFuture.delayedExecutor(
                                        settings.retryBackoff().toMillis(), TimeUnit.MILLISECONDS)
                                .execute(() -> requestLogEnd(loop, partition, epoch, ask));
                    }
                }));
    }

    private CompletionStage<LogEnd> end(PartitionFacts now, int epoch) {
        int leaderEpoch = now.headEpoch();
        if (epoch == Cursor.NO_EPOCH || epoch >= leaderEpoch) {
            return CompletableFuture.completedFuture(new LogEnd(now.head(), leaderEpoch));
        }
        return ends.end(now.partition(), epoch)
                .thenApply(end -> new LogEnd(now.head(), leaderEpoch, epoch, end.epoch(), end.endOffset()));
    }

    /** A log that ends before what was read of it is looked at, though the consumer has not noticed yet. */
    private void loseIfShorter(TailedPartition tailed, PartitionFacts now) {
        PartitionWindow window = tailed.window();
        if (window != null && now.generation().equals(tailed.generation()) && now.head() < window.head()) {
            lose(tailed.topicPartition());
        }
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

    /** Counts as of the last read. */
    public TailStats stats() {
        return stats;
    }

    /** How its reading is. */
    public SupervisedLoop loop() {
        return loop;
    }

    /** Stops the thread and closes the consumer; bounded. */
    @Override
    public void close() {
        loop.stop();
        commands.add(() -> {});
        try {
            thread.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Until it is told to stop, or something fails that makes the consumer and its positions doubtful: a batch may have been lost
     * between reading and handing out. Then there is a new consumer, the loops are greeted anew, and their streams read what they
     * miss from the log.
     */
    private void read(SupervisedLoop self) {
        assignment.clear().forEach(partition -> partition.lose(nowMs()));
        try {
            while (!self.isStopping()) {
                turn(self);
            }
        } finally {
            client.renew();
        }
    }

    private void turn(SupervisedLoop self) {
        try {
            commands.run();
            housekeep(nowMs());
            if (awaitSlowLoops()) {
                return;
            }
            if (!assignment.isEmpty()) {
                assignment.handOut(POLL);
                self.succeeded();
                return;
            }
            if (partitions.isEmpty()) {
                // Nobody wants anything, so nothing fails.
                self.succeeded();
            }
            awaitCommand(POLL.toMillis());
        } catch (WakeupException e) {
            LOG.trace("woken by a command");
        } catch (OffsetOutOfRangeException e) {
            LOG.warn("{}: not in the log any more", e.offsetOutOfRangePartitions());
            e.offsetOutOfRangePartitions().keySet().forEach(this::lose);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            // The consumer keeps its positions: it costs time and no more.
            awaitCommand(self.failed(e));
        }
    }

    private void awaitCommand(long timeoutMs) {
        try {
            commands.await(timeoutMs);
        } catch (InterruptedException e) {
            LOG.debug("interrupted while it waits for a command", e);
        }
    }

    /** A loop that does not keep up must not make its inbox grow: reading waits for it. */
    private boolean awaitSlowLoops() {
        for (TailedPartition partition : assignment.partitions()) {
            for (LoopInbox loop : partition.loops()) {
                if (loop.backlogBytes() > settings.backlogBytes()) {
                    pausesTotal++;
                    awaitCommand(1);
                    return true;
                }
            }
        }
        return false;
    }

    private void housekeep(long nowMs) {
        if (nowMs - housekeptAtMs < HOUSEKEEPING_MS) {
            return;
        }
        housekeptAtMs = nowMs;
        List<TailedPartition> idle = partitions.values().stream()
                .filter(partition ->
                        partition.isIdleSince(nowMs - settings.linger().toMillis()))
                .toList();
        for (TailedPartition partition : idle) {
            partitions.remove(partition.id());
            assignment.remove(partition.topicPartition());
            // Nobody will notice if its log is truncated.
            versions.next(partition.id());
        }
        for (TailedPartition partition : partitions.values()) {
            if (partition.resolveAtMs() <= nowMs) {
                resolve(partition);
            }
        }
        if (watch.isDue(nowMs, settings.checkInterval().toMillis())) {
            watch.check(this::lose);
        }
        stats = statsNow();
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
                                nowMs(), settings.retryBackoff().toMillis());
                        LOG.atLevel(times == 1 ? Level.WARN : Level.DEBUG)
                                .log("{} can't be read yet: {}", partition.topicPartition(), LogFacts.reason(fault));
                    }
                }));
    }

    private void tail(TailedPartition partition, LogComparison.Found found) {
        PartitionFacts now = found.facts();
        watch.found(partition.id().namespace(), now.generation(), this::lose);
        if (found.divergence() != LogComparison.NOWHERE) {
            LOG.warn(
                    "{}: the log was truncated at offset {}",
                    partition.topicPartition(),
                    found.divergence().offset());
        }
        if (partition.lost() != null) {
            // Replays may have read beyond what was compared.
            versions.next(partition.id());
        }
        try {
            assignment.add(partition, now.head(), now.headEpoch());
        } catch (RuntimeException | Error e) {
            partition.tellUnavailable();
            throw e;
        }
        partition.resolved(
                new PartitionFacts(
                        now.partition(),
                        now.generation(),
                        now.logStart(),
                        now.head(),
                        now.headEpoch(),
                        versions.of(now.partition())),
                found.divergence());
    }

    private void lose(TopicPartition topicPartition) {
        TailedPartition partition = assignment.remove(topicPartition);
        if (partition != null) {
            partition.lose(nowMs());
            resolve(partition);
        }
    }

    private TailStats statsNow() {
        Map<Boolean, Long> byState = partitions.values().stream()
                .collect(Collectors.partitioningBy(TailedPartition::isUnavailable, Collectors.counting()));
        long windowBytes = partitions.values().stream()
                .mapToLong(TailedPartition::windowBytes)
                .sum();
        return new TailStats(
                partitions.size(),
                byState.getOrDefault(true, 0L).intValue(),
                assignment.lagRecords(),
                windowBytes,
                assignment.recordsTotal(),
                loop.failures(),
                pausesTotal);
    }

    private static long nowMs() {
        return MonotonicTime.nowMs();
    }
}
