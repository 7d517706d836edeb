package io.tailrace.edge.testing;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.contracts.series.SeriesPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.Uuid;

/**
 * The windows of a metric: written to its channel on the shared broker as the dispatcher does, and copied from there as the projections do, with
 * as much delay as a test wants. Thread-safe.
 */
public final class PlayedSeries {
    private final UUID metric = UUID.randomUUID();
    private final String channel = SeriesPoint.channel(metric, "1s");
    private final Generation generation;
    private final Map<Long, Long> windows = new TreeMap<>();
    private final Map<Long, Long> copy = new TreeMap<>();
    private final List<Written> uncopied = new ArrayList<>();
    private long copiedTo;

    private record Written(long tMs, long count, long offset) {}

    /** A copy as of an offset. */
    record Snapshot(Map<Long, Long> rows, String position) {}

    /** A metric without readings. */
    public PlayedSeries() {
        String topic =
                Namespaces.builtIn().of(new Channel(channel)).orElseThrow().topic();
        try {
            Uuid id = Objects.requireNonNull(TestBroker.shared()
                            .admin()
                            .describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic))
                    .topicId();
            generation = Generation.of(new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Its id. */
    public String metric() {
        return metric.toString();
    }

    /** Its channel. */
    public String channel() {
        return channel;
    }

    /** Adds readings to a window, and writes its new state. */
    public synchronized void add(long tMs, int readings) {
        long count = windows.merge(tMs, (long) readings, Long::sum);
        long offset = TestBroker.shared()
                .publish(channel, SeriesPoint.TYPE, SeriesPoints.json(metric(), tMs, count))
                .offset();
        uncopied.add(new Written(tMs, count, offset));
    }

    /** Copies some of what was written. */
    public synchronized void copy(int records) {
        for (int i = 0; i < records && !uncopied.isEmpty(); i++) {
            Written next = uncopied.removeFirst();
            copy.put(next.tMs(), next.count());
            copiedTo = next.offset() + 1;
        }
    }

    /** Copies all. */
    public synchronized void copyAll() {
        copy(uncopied.size());
    }

    /** The windows as they are, by their time and with their number of readings. */
    public synchronized Map<Long, Long> windows() {
        return new TreeMap<>(windows);
    }

    synchronized Snapshot snapshot() {
        return new Snapshot(new TreeMap<>(copy), SeriesPoints.cursor(channel, generation, copiedTo));
    }
}
