package io.tailrace.search.drive;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Condition;
import io.tailrace.kit.consume.DeadLetterBox;
import io.tailrace.kit.consume.DeadLetterSender;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.Source;
import io.tailrace.kit.consume.TopicLookup;
import io.tailrace.search.SearchSettings;
import io.tailrace.search.document.SearchIndex;
import io.tailrace.search.index.BulkWriter;
import io.tailrace.search.index.Incarnation;
import io.tailrace.search.index.IndexKeeper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one index up with the log, whichever incarnation of it is behind its alias.
 *
 * <p>Whatever fails for want of a server is tried again for ever, with growing waits; the group membership is kept alive
 * meanwhile. One thread runs it; {@link #stop()} and {@link #condition()} may be called from any.
 */
public final class IndexLoop implements Loop {
    private static final Logger LOG = LoggerFactory.getLogger(IndexLoop.class);

    private final SearchIndex index;
    private final Ports ports;
    private final Announcer announcer;
    private final DeadLetterBox deadLetters;
    private final IndexMeters meters;
    private final Backoff backoff;
    private final Duration pollWait;

    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile @Nullable Filling current;
    private volatile Condition condition = new Condition.Idle();

    /**
     * What the loops of all indexes share.
     *
     * @param keeper sees to it that the indexes exist
     * @param writer writes to them
     * @param clients make the consumers
     * @param topics tell which topic it is
     * @param deadLetters take what cannot be used
     * @param registry takes the numbers
     * @param settings bounds and waits
     */
    public record Ports(
            IndexKeeper keeper,
            BulkWriter writer,
            KafkaClients clients,
            TopicLookup topics,
            DeadLetterSender deadLetters,
            MeterRegistry registry,
            SearchSettings settings) {}

    /** A loop; it does nothing until it is run. */
    public IndexLoop(SearchIndex index, Ports ports, Notices notices) {
        SearchSettings settings = ports.settings();
        this.index = index;
        this.ports = ports;
        this.announcer = new Announcer(index, ports.keeper(), notices, settings.refreshInterval());
        this.deadLetters = new DeadLetterBox(ports.deadLetters(), "search-indexer/" + index.name());
        this.meters = new IndexMeters(ports.registry(), index.name());
        this.backoff = new Backoff(settings.retryFirst(), settings.retryLongest(), RandomGenerator.getDefault());
        this.pollWait = settings.pollWait();
    }

    @Override
    public String name() {
        return index.name();
    }

    @Override
    public Condition condition() {
        return condition;
    }

    @Override
    public void stop() {
        stop.countDown();
        Filling filling = current;
        if (filling != null) {
            filling.wakeup();
        }
    }

    @Override
    public void run() {
        try {
            while (!isStopping()) {
                try {
                    Source source = ports.topics().find(index.topic());
                    fill(ports.keeper().ensure(index, source), source);
                } catch (WakeupException e) {
                    LOG.debug("index {}: woken", name());
                } catch (IOException | RuntimeException | Error e) {
                    // Nobody else would begin again: whatever it is, a new consumer gets a new chance. An interrupt
                    // that was left behind would fail that one at once.
                    var unused = Thread.interrupted();
                    failed(e);
                    pause(backoff.nextMs());
                }
            }
        } finally {
            condition = new Condition.Stopped();
        }
    }

    /** Fills one incarnation of the index, until it or the topic is another one. */
    private void fill(Incarnation incarnation, Source source) {
        try (Filling filling = new Filling(index, incarnation, source, ports, deadLetters, meters, this::isStopping)) {
            current = filling;
            boolean same = true;
            while (same && !isStopping()) {
                same = switch (filling.turn(announcer.wait(pollWait))) {
                    case Filling.Turn.Over over -> false;
                    case Filling.Turn.Failed(Exception cause) -> {
                        failed(cause);
                        filling.rest(backoff.nextMs());
                        yield true;
                    }
                    case Filling.Turn.Done(int written, boolean full) -> {
                        succeeded(filling);
                        announcer.written(incarnation, written, full);
                        yield true;
                    }
                };
            }
        } finally {
            current = null;
        }
    }

    private void succeeded(Filling filling) {
        if (condition instanceof Condition.Retrying retrying) {
            LOG.info("index {}: goes on, after trouble since {}", name(), retrying.since());
        }
        condition = filling.isAssigned() ? new Condition.Running() : new Condition.Idle();
        backoff.reset();
    }

    private void failed(Throwable e) {
        meters.failed();
        String reason = Condition.Retrying.reasonOf(e);
        Instant since = Instant.now();
        if (condition instanceof Condition.Retrying retrying) {
            since = retrying.since();
            LOG.debug("index {}: still fails", name(), e);
        } else {
            LOG.warn("index {}: tries again and again: {}", name(), reason);
            LOG.debug("index {}: fails", name(), e);
        }
        condition = new Condition.Retrying(reason, since);
    }

    private void pause(long waitMs) {
        try {
            if (stop.await(waitMs, TimeUnit.MILLISECONDS)) {
                LOG.debug("index {}: stops while it waits", name());
            }
        } catch (InterruptedException e) {
            // Nobody ends it like that.
            LOG.debug("index {}: interrupted while it waits", name(), e);
        }
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }
}
