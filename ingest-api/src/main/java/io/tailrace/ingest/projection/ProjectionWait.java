package io.tailrace.ingest.projection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tailrace.ingest.log.LogAdmin;
import io.tailrace.ingest.log.TopicGenerations;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.cache.Version;
import io.tailrace.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Lets a read see what was written before it: waits until the projection of a partition has passed the log's end as of
 * the call, for at most {@link ProjectionSettings#maxWait()}. Thread-safe; blocks.
 */
@Singleton
public final class ProjectionWait {
    /** What is waited for. */
    private record Goal(String projection, String topic, int partition, long nextOffset) {}

    /** Where there is no position: nothing is of that topic. */
    private static final Version UNKNOWN = new Version("unknown", 0);

    private final ProjectionRows rows;
    private final Database database;
    private final SharedPositions positions;
    private final LogAdmin log;
    private final TopicGenerations generations;
    private final ProjectionSettings settings;
    private final Timer waited;
    private final Counter gaveUp;

    ProjectionWait(
            ProjectionRows rows,
            Database database,
            LogAdmin log,
            TopicGenerations generations,
            ProjectionSettings settings,
            MeterRegistry meters) {
        this.rows = rows;
        this.database = database;
        this.positions = new SharedPositions(
                (projection, topic) -> database.call(() -> rows.find(projection, topic)), settings.pollInterval());
        this.log = log;
        this.generations = generations;
        this.settings = settings;
        this.waited = Timer.builder("tailrace.projection.wait")
                .description("How long reads waited for a projection to catch up")
                .register(meters);
        this.gaveUp = Counter.builder("tailrace.projection.wait.gave.up")
                .description("Reads whose projection did not catch up in time")
                .register(meters);
    }

    /**
     * Waits.
     *
     * @param projection the projection's name, as the module {@code projections} has it
     * @return whether the projection has what was in the log when this was called; false too if the log did not tell
     * @throws ProblemException 503 if PostgreSQL is away
     */
    public boolean catchUp(String projection, String topic, int partition) {
        long startNs = System.nanoTime();
        return report(reaches(projection, topic, List.of(partition), startNs), startNs);
    }

    /**
     * Waits for all partitions of a topic, no longer than for one.
     *
     * @param partitions how many it has
     * @return as {@link #catchUp}, of all of them
     * @throws ProblemException 503 if PostgreSQL is away
     */
    public boolean catchUpAll(String projection, String topic, int partitions) {
        long startNs = System.nanoTime();
        List<Integer> all = IntStream.range(0, partitions).boxed().toList();
        return report(reaches(projection, topic, all, startNs), startNs);
    }

    /**
     * How far a projection has read a partition. What is read from its rows after this was called is at least as new.
     *
     * @throws ProblemException 503 if PostgreSQL is away
     */
    public Version version(String projection, String topic, int partition) {
        return database.call(() -> rows.find(projection, topic)).stream()
                .filter(position -> position.partition() == partition)
                .map(position -> new Version(position.generation(), position.nextOffset()))
                .findFirst()
                .orElse(UNKNOWN);
    }

    private boolean reaches(String projection, String topic, List<Integer> partitions, long startNs) {
        Optional<Map<Integer, Long>> ends = log.endOffsets(topic, partitions, settings.maxWait());
        return ends.isPresent()
                && ends.get().entrySet().stream()
                        .filter(end -> end.getValue() > 0)
                        .allMatch(end -> await(new Goal(projection, topic, end.getKey(), end.getValue()), startNs));
    }

    private boolean report(boolean caughtUp, long startNs) {
        waited.record(System.nanoTime() - startNs, TimeUnit.NANOSECONDS);
        if (!caughtUp) {
            gaveUp.increment();
        }
        return caughtUp;
    }

    private boolean await(Goal goal, long startNs) {
        long deadlineNs = startNs + settings.maxWait().toNanos();
        String generation = generation(goal.topic());
        long leftNs = deadlineNs - System.nanoTime();
        while (leftNs > 0 && !Thread.currentThread().isInterrupted()) {
            SharedPositions.Look look = positions.look(goal.projection(), goal.topic(), Duration.ofNanos(leftNs));
            if (isReached(goal, generation, look)) {
                return true;
            }
            long nowNs = System.nanoTime();
            LockSupport.parkNanos(Math.min(deadlineNs - nowNs, look.nextNs() - nowNs));
            leftNs = deadlineNs - System.nanoTime();
        }
        return false;
    }

    /** A position of a topic that was deleted since says nothing about its successor, so it must be of this generation. */
    private static boolean isReached(Goal goal, @Nullable String generation, SharedPositions.Look look) {
        return look.positions().stream()
                .anyMatch(position -> position.partition() == goal.partition()
                        && position.generation().equals(generation)
                        && position.nextOffset() >= goal.nextOffset());
    }

    private @Nullable String generation(String topic) {
        try {
            return generations.topicId(topic).toString();
        } catch (ProblemException e) {
            return null;
        }
    }
}
