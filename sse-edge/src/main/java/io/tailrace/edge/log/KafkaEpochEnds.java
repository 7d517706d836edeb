package io.tailrace.edge.log;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.kit.consume.SupervisedLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the brokers where epochs end, with a consumer of its own on a thread of its own, which outlives whatever is thrown.
 * Every question is answered or fails within the request timeout, on a thread that must not be blocked; equal ones that are
 * open at the same time share an answer. Thread-safe.
 */
public final class KafkaEpochEnds implements EpochEnds, MeterBinder, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaEpochEnds.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long CLOSE_TIMEOUT_MS = 5_000;

    private final Supplier<? extends Consumer<byte[], byte[]>> consumers;
    private final KafkaLogFacts facts;
    private final EdgeSettings.Tail settings;
    private final EpochValidation validation;
    private final Map<EpochQuestion.Id, EpochQuestion> open = new ConcurrentHashMap<>();

    /** Not more than there are open questions, of which there is a largest number. */
    private final BlockingQueue<EpochValidation.Checked> checked = new LinkedBlockingQueue<>();

    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final SupervisedLoop loop;
    private final Thread thread;
    private volatile @Nullable Consumer<byte[], byte[]> current;

    /**
     * Not started.
     *
     * @param consumers make consumers without automatic reset, as often as one has failed; they may throw
     */
    public KafkaEpochEnds(
            Supplier<? extends Consumer<byte[], byte[]>> consumers,
            KafkaLogFacts facts,
            RecordFrames frames,
            EdgeSettings.Tail settings) {
        this.consumers = consumers;
        this.facts = facts;
        this.settings = settings;
        this.validation = new EpochValidation(frames);
        this.loop = new SupervisedLoop("edge-epochs", settings.backoff(), this::work);
        this.thread = Thread.ofPlatform().daemon().name(loop.name()).unstarted(loop);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** How its asking is. */
    public SupervisedLoop loop() {
        return loop;
    }

    /**
     * {@inheritDoc}
     *
     * <p>It fails with {@link IllegalArgumentException} if the epoch is above the leader's, and with {@link
     * RejectedExecutionException} if {@link EdgeSettings.Tail#epochQuestions()} are open.
     */
    @Override
    public CompletionStage<EpochEnd> end(PartitionId partition, int epoch, int leaderEpoch) {
        EpochQuestion question =
                new EpochQuestion(new EpochQuestion.Id(partition, epoch, leaderEpoch), new CompletableFuture<>());
        EpochQuestion before = open.get(question.id());
        if (before == null && open.size() >= settings.epochQuestions()) {
            failed.incrementAndGet();
            return CompletableFuture.failedFuture(
                    new RejectedExecutionException(open.size() + " questions for the ends of epochs are open already"));
        }
        before = open.putIfAbsent(question.id(), question);
        if (before != null) {
            return before.answer().copy();
        }
        asked.incrementAndGet();
        CompletableFuture<EpochEnd> answer = question.answer()
                .orTimeout(settings.requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((end, fault) -> {
                    open.remove(question.id(), question);
                    if (fault != null) {
                        failed.incrementAndGet();
                    }
                });
        check(question);
        return answer.copy();
    }

    /** Questions that are open. */
    int open() {
        return open.size();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        loop.bindTo(registry);
        Gauge.builder("tailrace.edge.epochs.open", open, Map::size)
                .description("Questions for the ends of leader epochs that are open")
                .register(registry);
        FunctionCounter.builder("tailrace.edge.epochs.asked", asked, AtomicLong::get)
                .description("Questions for the ends of leader epochs that brokers were asked")
                .register(registry);
        FunctionCounter.builder("tailrace.edge.epochs.failed", failed, AtomicLong::get)
                .description("Questions for the ends of leader epochs without an answer in time")
                .register(registry);
    }

    /** Stops the thread; bounded. Questions that are open fail with their time-outs. */
    @Override
    public void close() {
        loop.stop();
        thread.interrupt();
        try {
            thread.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * An epoch above the leader's is refused: a consumer would take it for the partition's, and would refuse all news about
     * the partition until that epoch has come.
     */
    private void check(EpochQuestion question) {
        facts.leaderEpoch(question.id().partition()).whenComplete((leaderEpoch, fault) -> {
            if (fault != null) {
                question.answer().completeExceptionally(fault);
            } else if (question.id().epoch() <= Cursor.NO_EPOCH || question.id().epoch() > leaderEpoch) {
                question.answer()
                        .completeExceptionally(new IllegalArgumentException("epoch "
                                + question.id().epoch() + " of partition "
                                + question.id().partition() + ": expected 0 to its leader's, " + leaderEpoch));
            } else {
                int atLeast = Math.max(leaderEpoch, question.id().leaderEpoch());
                checked.add(new EpochValidation.Checked(question, atLeast));
                Consumer<byte[], byte[]> consumer = current;
                if (consumer != null) {
                    consumer.wakeup();
                }
            }
        });
    }

    private void work(SupervisedLoop self) throws InterruptedException {
        // The questions wait for the next consumer, as long as they may.
        awaitQuestion();
        answer(self);
    }

    private void awaitQuestion() throws InterruptedException {
        if (validation.isIdle()) {
            validation.add(checked.take());
        }
    }

    /** Asks with one consumer, until it fails or has let a question wait for too long. */
    private void answer(SupervisedLoop self) throws InterruptedException {
        Consumer<byte[], byte[]> consumer = consumers.get();
        try {
            current = consumer;
            validation.begin();
            while (!self.isStopping() && !validation.isOverdue()) {
                takeChecked();
                if (validation.isIdle()) {
                    awaitQuestion();
                } else {
                    turn(self, consumer);
                }
            }
        } finally {
            current = null;
            close(consumer);
        }
    }

    private void takeChecked() {
        for (var next = checked.poll(); next != null; next = checked.poll()) {
            validation.add(next);
        }
    }

    private void turn(SupervisedLoop self, Consumer<byte[], byte[]> consumer) {
        try {
            validation.turn(consumer, POLL);
            self.succeeded();
        } catch (WakeupException e) {
            LOG.trace("woken by a question");
        }
    }

    private static void close(Consumer<byte[], byte[]> consumer) {
        try {
            consumer.close();
        } catch (RuntimeException | Error e) {
            LOG.debug("a consumer that is replaced did not close", e);
        }
    }
}
