package io.tailrace.search.drive;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.DeadLetterBox;
import io.tailrace.kit.consume.Source;
import io.tailrace.search.SearchSettings;
import io.tailrace.search.document.SearchIndex;
import io.tailrace.search.index.Incarnation;
import io.tailrace.search.index.Rebuilds;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.KafkaException;

/**
 * Builds an index anew beside the one that is searched, from the log's start, and puts it into its place when it has
 * caught up. Everything that it has done is in Elasticsearch and in committed offsets, so it can be stopped at any moment,
 * and goes on from there. The indexer goes on with the new index where this ended: their consumer group is the same.
 */
public final class Reindexing {
    private final Rebuilds rebuilds;
    private final IndexLoop.Ports ports;

    /** What happens meanwhile; called on the thread that runs it. */
    public interface Listener {
        /** It begins, or goes on with what was begun. */
        void begins(String index, boolean resumed);

        /** So many of so many records are done. */
        void progress(long done, long total);

        /** A server does not answer; it is tried again. */
        void waits(String reason);
    }

    /** How it ended. */
    public enum Outcome {
        /** The new index is searched, the old one is gone. */
        SWAPPED,
        /** It was told to stop; what is done stays done. */
        STOPPED,
        /** Somebody deleted the new index, or made the topic anew, or the log has lost what was read; begin again. */
        LOST
    }

    /** Uses what the loops use. */
    public Reindexing(Rebuilds rebuilds, IndexLoop.Ports ports) {
        this.rebuilds = rebuilds;
        this.ports = ports;
    }

    /**
     * Runs it. Blocks until it is done or told to stop.
     *
     * @param restart whether to drop what was begun before
     * @param stopping asked after each bulk
     * @throws IOException if Elasticsearch is away at the beginning or at the end
     * @throws ElasticsearchException if it refuses
     * @throws KafkaException if the log is away at the beginning
     */
    public Outcome run(SearchIndex index, boolean restart, Listener listener, BooleanSupplier stopping)
            throws IOException {
        Source source = ports.topics().find(index.topic());
        Optional<Incarnation> begun = restart ? Optional.empty() : rebuilds.begun(index, source);
        Incarnation built = begun.isPresent() ? begun.get() : rebuilds.begin(index, source);
        listener.begins(built.index(), begun.isPresent());
        Outcome outcome = fill(index, built, source, listener, stopping);
        if (outcome == Outcome.SWAPPED) {
            rebuilds.swap(index, built);
        }
        return outcome;
    }

    private Outcome fill(
            SearchIndex index, Incarnation built, Source source, Listener listener, BooleanSupplier stopping) {
        SearchSettings settings = ports.settings();
        Backoff backoff = new Backoff(settings.retryFirst(), settings.retryLongest(), RandomGenerator.getDefault());
        DeadLetterBox deadLetters = new DeadLetterBox(ports.deadLetters(), "reindex/" + index.name());
        IndexMeters meters = new IndexMeters(ports.registry(), index.name());
        try (Filling filling = new Filling(index, built, source, ports, deadLetters, meters, stopping)) {
            while (!stopping.getAsBoolean()) {
                switch (filling.turn(settings.pollWait())) {
                    case Filling.Turn.Over over -> {
                        return Outcome.LOST;
                    }
                    case Filling.Turn.Failed(Exception cause) -> {
                        listener.waits(cause.getClass().getSimpleName());
                        filling.rest(backoff.nextMs());
                    }
                    case Filling.Turn.Done(int written, boolean full) -> {
                        backoff.reset();
                        Filling.Progress progress = filling.progress();
                        listener.progress(progress.done(), progress.total());
                        if (progress.caughtUp()) {
                            return Outcome.SWAPPED;
                        }
                    }
                }
            }
        }
        return Outcome.STOPPED;
    }
}
