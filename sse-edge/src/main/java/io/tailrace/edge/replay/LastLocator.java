package io.tailrace.edge.replay;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.log.LogFacts;
import io.tailrace.edge.log.RecordFrames;
import io.tailrace.edge.log.Tailer;
import io.tailrace.edge.log.WindowView;
import io.tailrace.edge.stream.Start;
import io.tailrace.edge.stream.WantedChannel;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the offsets at which {@code last:N} starts: in the tailer's window if that reaches back far enough, else by
 * reading backwards from it in steps that double, as far as the budget goes. One thread with one consumer; requests wait
 * in a bounded queue. Thread-safe.
 */
public final class LastLocator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LastLocator.class);
    private static final int FIRST_STEP = 256;
    private static final long CLOSE_TIMEOUT_MS = 1_000;

    private final Tailer tailer;
    private final LogFacts facts;
    private final RecordFrames frames;
    private final EdgeSettings.Replay settings;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final ThreadPoolExecutor executor;
    private @Nullable BackwardReader reader;

    /**
     * A locator.
     *
     * @param consumers makes its consumer when it is needed first: read-committed, without automatic reset
     */
    public LastLocator(
            Tailer tailer,
            LogFacts facts,
            RecordFrames frames,
            EdgeSettings.Replay settings,
            Supplier<Consumer<byte[], byte[]>> consumers) {
        this.tailer = tailer;
        this.facts = facts;
        this.frames = frames;
        this.settings = settings;
        this.consumers = consumers;
        this.executor = new ThreadPoolExecutor(
                0,
                1,
                60,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(settings.lastWaiting()),
                task -> Thread.ofPlatform().daemon().name("edge-last").unstarted(task));
    }

    /**
     * The channels with the starts of those in {@code last} replaced by offsets. Fails if the log can't be read in time or
     * too many requests wait.
     *
     * @param last how many events are wanted, by index in {@code channels}
     */
    public CompletionStage<List<WantedChannel>> locate(List<WantedChannel> channels, Map<Integer, Integer> last) {
        CompletableFuture<List<WantedChannel>> answer = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    answer.complete(located(channels, last));
                } catch (Exception | Error e) {
                    answer.completeExceptionally(e);
                    discard();
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    /** Requests that wait. */
    public int waiting() {
        return executor.getQueue().size();
    }

    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (executor.awaitTermination(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                discard();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<WantedChannel> located(List<WantedChannel> channels, Map<Integer, Integer> last)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<PartitionId, Map<String, Integer>> byPartition = new HashMap<>();
        last.forEach((index, count) -> {
            WantedChannel channel = channels.get(index);
            byPartition
                    .computeIfAbsent(channel.partition(), partition -> new HashMap<>())
                    .put(channel.name(), count);
        });
        Map<String, Start> starts = new HashMap<>();
        for (Map.Entry<PartitionId, Map<String, Integer>> entry : byPartition.entrySet()) {
            starts.putAll(search(entry.getKey(), entry.getValue()));
        }
        return channels.stream()
                .map(channel -> new WantedChannel(
                        channel.name(), channel.partition(), starts.getOrDefault(channel.name(), channel.start())))
                .toList();
    }

    private Map<String, Start> search(PartitionId partition, Map<String, Integer> counts)
            throws InterruptedException, ExecutionException, TimeoutException {
        LastSearch search = new LastSearch(counts);
        Optional<WindowView> window = await(tailer.window(partition));
        Generation generation;
        long head;
        long low;
        int headEpoch;
        if (window.isPresent()) {
            WindowView view = window.get();
            view.batches().reversed().forEach(batch -> search.show(seen(batch, counts)));
            generation = view.generation();
            head = view.head();
            low = view.start();
            headEpoch = view.headEpoch();
        } else {
            PartitionFacts known = await(facts.facts(partition));
            generation = known.generation();
            head = known.head();
            low = head;
            // The leader's, which may have no records yet, is not vouched for by the log.
            headEpoch = Cursor.NO_EPOCH;
        }
        if (!search.isDone()) {
            scan(partition, search, counts, low);
        }
        Map<String, Start> starts = new HashMap<>();
        for (String channel : counts.keySet()) {
            starts.put(channel, start(generation, search.start(channel), head, headEpoch));
        }
        return starts;
    }

    /** With an epoch the start is held against the log once more, which may have been truncated meanwhile. */
    private static Start.At start(Generation generation, LastSearch.@Nullable Seen oldest, long head, int headEpoch) {
        return oldest == null
                ? new Start.At(generation, head, headEpoch)
                : new Start.At(generation, oldest.offset(), oldest.leaderEpoch());
    }

    private void scan(PartitionId partition, LastSearch search, Map<String, Integer> counts, long below)
            throws InterruptedException, ExecutionException, TimeoutException {
        long logStart = await(facts.start(partition));
        long low = below;
        long step = FIRST_STEP;
        long scannedBytes = 0;
        while (!search.isDone() && low > logStart && scannedBytes < settings.lastScanBytes()) {
            long from = Math.max(logStart, low - step);
            BackwardReader.Found range = reader().read(frames.topicPartition(partition), from, low, counts.keySet());
            search.show(range.seen());
            scannedBytes += range.bytes();
            // The next step must not go far beyond the budget: what it will cost is guessed from what this one did.
            long perRecord = Math.max(1, range.bytes() / (low - from));
            step = Math.clamp((settings.lastScanBytes() - scannedBytes) / perRecord, 1, step * 2);
            low = from;
        }
    }

    private static List<LastSearch.Seen> seen(Batch batch, Map<String, Integer> counts) {
        List<LastSearch.Seen> seen = new ArrayList<>();
        counts.keySet().forEach(channel -> Arrays.stream(batch.positions(channel))
                .forEach(position ->
                        seen.add(new LastSearch.Seen(channel, batch.offset(position), batch.leaderEpoch()))));
        return seen;
    }

    private BackwardReader reader() {
        BackwardReader known = reader;
        if (known == null) {
            known = new BackwardReader(consumers.get(), settings.readTimeout());
            reader = known;
        }
        return known;
    }

    /** After a failure nothing about the consumer is trusted: the next search makes another. */
    private void discard() {
        BackwardReader old = reader;
        reader = null;
        if (old != null) {
            try {
                old.close();
            } catch (RuntimeException | Error e) {
                LOG.debug("a consumer that is replaced did not close", e);
            }
        }
    }

    private <T> T await(CompletionStage<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        Duration timeout = settings.readTimeout();
        return answer.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
