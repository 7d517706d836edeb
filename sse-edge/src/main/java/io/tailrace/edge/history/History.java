package io.tailrace.edge.history;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.log.EpochEnds;
import io.tailrace.edge.log.LogComparison;
import io.tailrace.edge.log.LogFacts;
import io.tailrace.edge.log.RecordFrames;
import io.tailrace.kit.time.MonotonicTime;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads pages on a few threads of its own, each with a consumer; requests wait in a bounded queue. What was read is counted until
 * its client has it, and no more is read while that is too much. Thread-safe; no method blocks.
 */
public final class History implements MeterBinder, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(History.class);
    private static final long CLOSE_TIMEOUT_MS = 1_000;
    private static final String PREFIX = "tailrace.edge.history.";

    private final LogComparison log;
    private final RecordFrames frames;
    private final EdgeSettings.History settings;
    private final IntFunction<Consumer<byte[], byte[]>> consumers;
    private final ThreadPoolExecutor executor;
    private final ConcurrentLinkedQueue<PageReader> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong readBytes = new AtomicLong();
    private final AtomicLong pages = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /**
     * A history.
     *
     * @param consumers make consumers when they are needed, each by a number: read-committed, without automatic reset
     */
    public History(
            LogFacts facts,
            EpochEnds ends,
            RecordFrames frames,
            EdgeSettings.History settings,
            IntFunction<Consumer<byte[], byte[]>> consumers) {
        this.log = new LogComparison(facts, ends);
        this.frames = frames;
        this.settings = settings;
        this.consumers = consumers;
        this.executor = new ThreadPoolExecutor(
                settings.readers(),
                settings.readers(),
                60,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(settings.waiting()),
                task -> Thread.ofPlatform().daemon().name("edge-history").unstarted(task));
        executor.allowCoreThreadTimeOut(true);
    }

    /** A page as JSON, whose bytes are counted until {@link #release} is called with it, once. */
    record Held(List<byte[]> chunks, long bytes) {}

    /**
     * Reads a page. Fails with {@link RejectedExecutionException} if too many requests wait or too much is on its way to clients,
     * and with another exception if the log cannot be read in time.
     */
    CompletionStage<Held> page(PageRequest request) {
        if (heldBytes.get() >= settings.heldBytes()) {
            refused.incrementAndGet();
            return CompletableFuture.failedFuture(
                    new RejectedExecutionException(heldBytes + " bytes of pages are on their way to clients"));
        }
        CompletableFuture<Held> answer = new CompletableFuture<>();
        long sinceMs = MonotonicTime.nowMs();
        try {
            executor.execute(new PageTask(answer, () -> read(request, sinceMs)));
        } catch (RejectedExecutionException e) {
            refused.incrementAndGet();
            answer.completeExceptionally(e);
        }
        return answer;
    }

    /** A page that is to be read, and who waits for it. */
    private final class PageTask implements Runnable {
        private final CompletableFuture<Held> answer;
        private final Callable<Held> page;

        PageTask(CompletableFuture<Held> answer, Callable<Held> page) {
            this.answer = answer;
            this.page = page;
        }

        @Override
        public void run() {
            try {
                answer.complete(page.call());
            } catch (Exception | Error e) {
                fail(e);
            }
        }

        void fail(Throwable cause) {
            failed.incrementAndGet();
            answer.completeExceptionally(cause);
        }
    }

    /** A client has a page, or never will. */
    void release(Held page) {
        heldBytes.addAndGet(-page.bytes());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(PREFIX + "waiting", executor, pool -> pool.getQueue().size())
                .description("Requests for pages of history that wait for a reader")
                .register(registry);
        Gauge.builder(PREFIX + "reading", executor, ThreadPoolExecutor::getActiveCount)
                .description("Pages of history that are being read")
                .register(registry);
        Gauge.builder(PREFIX + "held.bytes", heldBytes, AtomicLong::get)
                .description("Bytes of pages of history that are on their way to clients")
                .register(registry);
        counter(registry, "bytes", "Bytes of records read for pages of history", readBytes);
        counter(registry, "pages", "Pages of history read", pages);
        counter(registry, "failed", "Pages of history that could not be read", failed);
        counter(
                registry,
                "refused",
                "Requests for pages of history refused because too many waited or too much was on its way",
                refused);
    }

    /** Ends the threads; bounded. Requests that wait fail. */
    @Override
    public void close() {
        for (Runnable waiting : executor.shutdownNow()) {
            if (waiting instanceof PageTask task) {
                task.fail(new RejectedExecutionException("the edge shuts down"));
            }
        }
        try {
            if (!executor.awaitTermination(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("a page of history is still being read");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (PageReader reader = idle.poll(); reader != null; reader = idle.poll()) {
            close(reader);
        }
    }

    private Held read(PageRequest request, long sinceMs) throws Exception {
        long waitedMs = MonotonicTime.nowMs() - sinceMs;
        if (waitedMs >= settings.readTimeout().toMillis()) {
            throw new TimeoutException("the request has waited for " + waitedMs + " ms");
        }
        PageReader reader = reader();
        boolean sound = false;
        try {
            Page page = reader.read(request);
            List<byte[]> chunks = PageBody.of(request, page);
            long bytes = chunks.stream().mapToLong(chunk -> chunk.length).sum();
            readBytes.addAndGet(page.readBytes());
            pages.incrementAndGet();
            heldBytes.addAndGet(bytes);
            sound = true;
            return new Held(chunks, bytes);
        } finally {
            // After a failure nothing about the consumer is trusted: the next page makes another.
            if (sound) {
                idle.add(reader);
            } else {
                close(reader);
            }
        }
    }

    private PageReader reader() {
        @Nullable PageReader known = idle.poll();
        return known != null
                ? known
                : new PageReader(
                        log,
                        frames,
                        new ChannelScan(consumers.apply(made.incrementAndGet()), settings.readTimeout()),
                        settings);
    }

    private static void close(PageReader reader) {
        try {
            reader.close();
        } catch (RuntimeException | Error e) {
            LOG.debug("a consumer that is replaced did not close", e);
        }
    }

    private static void counter(MeterRegistry registry, String name, String description, AtomicLong count) {
        FunctionCounter.builder(PREFIX + name, count, AtomicLong::get)
                .description(description)
                .register(registry);
    }
}
