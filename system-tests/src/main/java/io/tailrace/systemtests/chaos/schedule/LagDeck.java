package io.tailrace.systemtests.chaos.schedule;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.utils.Utils;

/**
 * Clients that lag behind what retention leaves: one goes away, and shortly before it is back, a partition that it reads is
 * trimmed. Trims that come by chance hardly ever meet such a client, and an edge that keeps a gap to itself would pass.
 */
final class LagDeck {
    private static final long FIRST_MS = 2_500;
    private static final long MIN_PAUSE_MS = 4_000;
    private static final long MAX_PAUSE_MS = 7_000;
    /** Longer than an edge's window reaches back: who is back sooner misses nothing. */
    private static final long MIN_AWAY_MS = 9_000;

    private static final long MAX_AWAY_MS = 13_000;
    private static final long MIN_TRIM_BEFORE_MS = 500;
    private static final long MAX_TRIM_BEFORE_MS = 1_500;
    private static final int PARTITIONS = 6;

    private final SplittableRandom random;
    private final List<Reader> readers;
    private final List<String> namespaces;

    LagDeck(SplittableRandom random, List<Reader> readers, Scale scale) {
        this.random = random;
        this.readers = readers;
        this.namespaces = scale.namespaces();
    }

    List<Schedule.Step> deal(long durationMs) {
        List<Schedule.Step> steps = new ArrayList<>();
        for (long atMs = FIRST_MS; atMs < durationMs; atMs += random.nextLong(MIN_PAUSE_MS, MAX_PAUSE_MS)) {
            Reader reader = readers.get(random.nextInt(readers.size()));
            long awayMs = random.nextLong(MIN_AWAY_MS, MAX_AWAY_MS);
            long trimAtMs = atMs + awayMs - random.nextLong(MIN_TRIM_BEFORE_MS, MAX_TRIM_BEFORE_MS);
            String channel =
                    reader.channels().get(random.nextInt(reader.channels().size()));
            steps.add(new Schedule.Step(atMs, new Fault.Away(reader.number(), awayMs)));
            String namespace = channel.substring(0, channel.indexOf(':'));
            if (trimAtMs < durationMs && namespaces.contains(namespace)) {
                int partition = partition(channel);
                steps.add(new Schedule.Step(trimAtMs, new Fault.Trim(namespace, partition)));
            }
        }
        return steps;
    }

    /** Where a record with this key is: as Kafka's own producers do it, which is what everybody here does. */
    static int partition(String channel) {
        return Utils.toPositive(Utils.murmur2(channel.getBytes(StandardCharsets.UTF_8))) % PARTITIONS;
    }
}
