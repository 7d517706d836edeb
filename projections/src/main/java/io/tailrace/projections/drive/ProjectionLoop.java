package io.tailrace.projections.drive;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.ConsumerLoop;
import io.tailrace.kit.consume.DeadLetterBox;
import io.tailrace.kit.consume.DeadLetterSender;
import io.tailrace.kit.consume.TopicLookup;
import io.tailrace.projections.ProjectionsSettings;
import io.tailrace.projections.position.Store;
import io.tailrace.projections.projection.Projection;
import java.util.random.RandomGenerator;

/** The loop that keeps a projection up with the log. After a failure it goes on from the position that the database has. */
public final class ProjectionLoop {
    private ProjectionLoop() {}

    /**
     * What the loops of all projections share.
     *
     * @param clients make the consumers
     * @param topics tell which topic it is
     * @param deadLetters take what cannot be used
     * @param registry takes the numbers
     * @param settings bounds and waits
     */
    public record Ports(
            KafkaClients clients,
            TopicLookup topics,
            DeadLetterSender deadLetters,
            MeterRegistry registry,
            ProjectionsSettings settings) {}

    /** A loop; it does nothing until it is run. */
    public static <C> ConsumerLoop of(Projection<C> projection, Store<C> store, Ports ports) {
        ProjectionsSettings settings = ports.settings();
        ProjectionMeters meters = new ProjectionMeters(ports.registry(), projection.name());
        ProjectionSession.Parts<C> parts = new ProjectionSession.Parts<>(
                projection,
                store,
                new StartPositions<>(projection, store, ports.topics(), meters, settings.generationCheck()),
                new DeadLetterBox(ports.deadLetters(), "projections/" + projection.name()),
                meters,
                settings.pollWait(),
                new BatchPace(settings.batchInterval().toNanos(), settings.batchRecords()));
        return new ConsumerLoop(
                "projection",
                projection.name(),
                new Backoff(settings.retryFirst(), settings.retryLongest(), RandomGenerator.getDefault()),
                stopping -> new ProjectionSession<>(parts, ports.clients().consumer(projection.name()), stopping),
                meters::failed);
    }
}
