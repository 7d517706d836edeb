package io.tailrace.projections.testing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.kit.consume.Condition;
import io.tailrace.kit.consume.ConsumerLoop;
import io.tailrace.kit.consume.DeadLetterSender;
import io.tailrace.kit.consume.TopicLookup;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.projections.ProjectionsSettings;
import io.tailrace.projections.drive.KafkaClients;
import io.tailrace.projections.drive.ProjectionLoop;
import io.tailrace.projections.position.Copy;
import io.tailrace.projections.position.PositionStore;
import java.time.Duration;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;

/** One projection on a thread of its own, with clients as in production and shorter waits. */
public final class TestProjection implements AutoCloseable {
    /** Short, so that a test does not wait for what a person would. */
    public static final ProjectionsSettings SETTINGS = new ProjectionsSettings(
            "test-",
            null,
            Duration.ofMillis(1500),
            Duration.ofMillis(2500),
            50,
            Duration.ofMillis(5),
            1 << 20,
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            Duration.ofMillis(20),
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofMillis(50),
            Duration.ofSeconds(10));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TopicLookup topics;
    private final DeadLetterSender deadLetters;
    private final ConsumerLoop loop;
    private final Thread thread;

    private TestProjection(KafkaSettings kafka, KafkaClients clients, Copy<?> copy, DataSource dataSource) {
        this.topics = new TopicLookup(clients.admin());
        this.deadLetters = new DeadLetterSender(new KafkaProducer<>(kafka.producer("test-dead-letters")));
        this.loop = loop(copy, dataSource, new ProjectionLoop.Ports(clients, topics, deadLetters, registry, SETTINGS));
        this.thread =
                Thread.ofPlatform().daemon().name("projection-" + copy.name()).start(loop);
    }

    /** Starts an instance. */
    public static TestProjection start(Copy<?> copy, DataSource dataSource) {
        return start(TestBroker.shared().settings(), copy, dataSource);
    }

    /** Starts an instance on another cluster. */
    public static TestProjection start(KafkaSettings kafka, Copy<?> copy, DataSource dataSource) {
        return new TestProjection(kafka, new KafkaClients(kafka, SETTINGS), copy, dataSource);
    }

    /** Starts an instance with clients of a test's choice. */
    public static TestProjection start(KafkaClients clients, Copy<?> copy, DataSource dataSource) {
        return new TestProjection(TestBroker.shared().settings(), clients, copy, dataSource);
    }

    private static <C> ConsumerLoop loop(Copy<C> copy, DataSource dataSource, ProjectionLoop.Ports ports) {
        int timeoutMs = Math.toIntExact(SETTINGS.databaseTimeout().toMillis());
        return ProjectionLoop.of(copy.projection(), new PositionStore<>(dataSource, copy, timeoutMs), ports);
    }

    /** How it is. */
    public Condition condition() {
        return loop.condition();
    }

    /** The number that a counter of the instance shows. */
    public double counter(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    /** How many partitions it reads, as far as their lag is known. */
    public int partitions() {
        return registry.find("tailrace.projection.lag").gauges().size();
    }

    /** Stops it in order. */
    @Override
    public void close() {
        loop.stop();
        try {
            thread.join(SETTINGS.stopTimeout());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        topics.close();
        deadLetters.close();
    }
}
