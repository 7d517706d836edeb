package io.tailrace.search.drive;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.ConsumerLoop;
import io.tailrace.kit.consume.DeadLetterBox;
import io.tailrace.kit.consume.DeadLetterSender;
import io.tailrace.kit.consume.Source;
import io.tailrace.kit.consume.TopicLookup;
import io.tailrace.search.SearchSettings;
import io.tailrace.search.document.SearchIndex;
import io.tailrace.search.index.BulkWriter;
import io.tailrace.search.index.Incarnation;
import io.tailrace.search.index.IndexKeeper;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** The loop that keeps an index up with the log, whichever incarnation of it is behind its alias. */
public final class IndexLoop {
    private IndexLoop() {}

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
    public static ConsumerLoop of(SearchIndex index, Ports ports, Notices notices) {
        SearchSettings settings = ports.settings();
        Announcer announcer = new Announcer(index, ports.keeper(), notices, settings.refreshInterval());
        DeadLetterBox deadLetters = new DeadLetterBox(ports.deadLetters(), "search-indexer/" + index.name());
        IndexMeters meters = new IndexMeters(ports.registry(), index.name());
        return new ConsumerLoop(
                "index",
                index.name(),
                new Backoff(settings.retryFirst(), settings.retryLongest(), RandomGenerator.getDefault()),
                stopping -> {
                    Source source = ports.topics().find(index.topic());
                    Incarnation incarnation = ports.keeper().ensure(index, source);
                    return new Session(
                            new Filling(index, incarnation, source, ports, deadLetters, meters, stopping),
                            incarnation,
                            announcer,
                            settings.pollWait());
                },
                meters::failed);
    }

    /** Fills one incarnation of the index, until it or the topic is another one, and says what is new in it. */
    private record Session(Filling filling, Incarnation incarnation, Announcer announcer, Duration pollWait)
            implements ConsumerLoop.Session {
        @Override
        public ConsumerLoop.Turn turn() {
            return switch (filling.turn(announcer.wait(pollWait))) {
                case Filling.Turn.Over over -> new ConsumerLoop.Turn.Over();
                case Filling.Turn.Failed(Exception cause) -> new ConsumerLoop.Turn.Failed(cause);
                case Filling.Turn.Done(int written, boolean full) -> {
                    announcer.written(incarnation, written, full);
                    yield new ConsumerLoop.Turn.Done(true);
                }
            };
        }

        @Override
        public void rest(long waitMs) {
            filling.rest(waitMs);
        }

        @Override
        public boolean isAssigned() {
            return filling.isAssigned();
        }

        @Override
        public void wakeup() {
            filling.wakeup();
        }

        @Override
        public void close() {
            filling.close();
        }
    }
}
